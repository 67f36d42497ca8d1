/** kube-proxy's configuration where manifests have it: a KubeProxyConfiguration, or the ConfigMap of the EKS add-on that
 *  holds one as text. */
import * as z from 'zod';
import { Origins } from '../../base/origin.ts';
import { type KubeProxyFile, kubeProxyKeys } from '../../world/schema-kube-proxy.ts';
import { accepted } from '../accepted.ts';
import { stamp } from '../eksctl/convert.ts';
import { isMap } from '../members.ts';
import type { Reading } from '../reading.ts';
import { conform } from '../shape.ts';
import { parseYaml } from '../yaml/document.ts';
import { plainValue } from '../yaml/values.ts';

type Value = Record<string, unknown>;

const KIND = 'KubeProxyConfiguration';

/** Where the EKS add-on keeps its configuration, and under which key. */
const CONFIG_MAP = { namespace: 'kube-system', name: 'kube-proxy-config', key: 'config' };

const { iptables, conntrack, ...otherKeys } = kubeProxyKeys;

/** All that kube-proxy takes (kubeproxy.config.k8s.io/v1alpha1 types.go), and what it took once. */
const configuration = z.strictObject({
  apiVersion: z.literal('kubeproxy.config.k8s.io/v1alpha1'),
  kind: z.literal(KIND),
  ...otherKeys,
  iptables: iptables.unwrap().extend(accepted('syncPeriod', 'minSyncPeriod')).optional(),
  conntrack: conntrack
    .unwrap()
    .extend(
      accepted(
        'max',
        'maxPerCore',
        'min',
        'tcpEstablishedTimeout',
        'tcpCloseWaitTimeout',
        'udpTimeout',
        'udpStreamTimeout',
      ),
    )
    .optional(),
  ...accepted(
    'bindAddress',
    'bindAddressHardFail',
    'clientConnection',
    'configSyncPeriod',
    'enableProfiling',
    'healthzBindAddress',
    'hostnameOverride',
    'ipvs',
    'logging',
    'metricsBindAddress',
    'nftables',
    'oomScoreAdj',
    'portRange',
    'resourceContainer',
    'showHiddenMetricsForVersion',
    'udpIdleTimeout',
    'windowsRunAsService',
    'winkernel',
  ),
});

export function isKubeProxyConfiguration({ kind }: Value): boolean {
  return kind === KIND;
}

/** The configuration that the manifests hold; undefined without one. */
export function kubeProxyDocument(reading: Reading, manifests: readonly Value[]): KubeProxyFile | undefined {
  const found = manifests.flatMap((manifest) => {
    const value = isKubeProxyConfiguration(manifest) ? manifest : inConfigMap(reading, manifest);
    return value ? [{ manifest, value }] : [];
  });
  for (const { manifest } of found.slice(1)) {
    const message = 'there is another configuration of kube-proxy';
    reading.error(reading.of(manifest), { code: 'k8s/duplicate', message });
  }
  const first = found[0]?.value;
  return first && conform(reading, configuration, withoutEmpty(first), 'k8s');
}

function inConfigMap(reading: Reading, { kind, metadata, data }: Value): Value | undefined {
  if (kind !== 'ConfigMap' || !isMap(metadata) || !isMap(data)) return undefined;
  const { namespace, name, key } = CONFIG_MAP;
  const text = data[key];
  if (metadata.namespace !== namespace || metadata.name !== name || typeof text !== 'string')
    return undefined;
  const { documents, issues } = parseYaml(name, text);
  const first = documents[0];
  const found: Parameters<typeof plainValue>[2] = [...issues];
  const value = first ? plainValue(first, new Origins(), found, { dropNulls: true }) : {};
  const at = reading.of(data, key);
  if (isMap(value) && found.length === 0) {
    stamp(reading, value, at);
    return value;
  }
  reading.error(at, {
    code: 'k8s/bad-configuration',
    message: `${key} of ConfigMap ${namespace}/${name} is not a YAML map`,
    hint: found[0]?.message,
  });
  return undefined;
}

/** An empty text is as good as none: that is how kubeadm and EKS write what they leave open. */
function withoutEmpty(value: Value): Value {
  for (const [key, member] of Object.entries(value)) {
    if (member === '') delete value[key];
    else if (isMap(member)) withoutEmpty(member);
  }
  return value;
}
