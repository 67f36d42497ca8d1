/** `addons:` of a ClusterConfig: what their configuration values change in the network. */
import { Origins } from '../../base/origin.ts';
import { isMap } from '../members.ts';
import type { Reading } from '../reading.ts';
import { parseYaml } from '../yaml/document.ts';
import { plainValue } from '../yaml/values.ts';
import type { ClusterConfig } from './schema.ts';

type Addon = NonNullable<ClusterConfig['addons']>[number];

/** Keys of the topology's cluster. */
export function addonSettings(reading: Reading, config: ClusterConfig): Record<string, unknown> {
  const settings: Record<string, unknown> = {};
  for (const addon of config.addons ?? []) {
    const values = configurationOf(reading, addon);
    if (addon.name === 'vpc-cni') Object.assign(settings, cniSettings(addon, values));
    if (addon.name === 'kube-proxy' && typeof values.mode === 'string')
      settings.kubeProxy = { mode: values.mode };
    if (addon.name === 'coredns' && typeof values.replicaCount === 'number')
      settings.coredns = { replicas: values.replicaCount };
  }
  return settings;
}

function cniSettings(addon: Addon, values: Record<string, unknown>): Record<string, unknown> {
  const version = /^v?(\d+\.\d+\.\d+)/.exec(addon.version ?? '')?.[1];
  const cni = { ...(version && { version }), ...(isMap(values.env) && { env: values.env }) };
  const enforces = String(values.enableNetworkPolicy) === 'true';
  return { cni, ...(enforces && { networkPolicy: 'aws' }) };
}

/** The values are YAML or JSON inside a text. */
function configurationOf(reading: Reading, addon: Addon): Record<string, unknown> {
  const text = addon.configurationValues;
  if (text === undefined || text.trim() === '') return {};
  const { documents, issues } = parseYaml('configurationValues', text);
  const first = documents[0];
  const found: Parameters<typeof plainValue>[2] = [...issues];
  const value = first ? plainValue(first, new Origins(), found, { dropNulls: true }) : {};
  if (isMap(value) && found.length === 0) return value;
  reading.error(reading.of(addon, 'configurationValues'), {
    code: 'eksctl/bad-configuration',
    message: `the configuration values of ${addon.name} are not a YAML or JSON map`,
    hint: found[0]?.message,
  });
  return {};
}
