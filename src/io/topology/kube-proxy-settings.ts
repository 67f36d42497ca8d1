/** kube-proxy's configuration, checked as kube-proxy does before it starts (pkg/proxy/apis/config/validation). */
import { canonicalRange, familyOf } from '../../kube/address-family.ts';
import { eksKubeProxySettings, type KubeProxySettings } from '../../kube/kube-proxy-config.ts';
import type { KubeProxyFile } from '../../world/schema-kube-proxy.ts';
import type { Reading } from '../reading.ts';

/** What is not written is as in the add-on of EKS. */
export function readKubeProxy(reading: Reading, written: KubeProxyFile | undefined): KubeProxySettings {
  const { mode, iptables = {}, detectLocal = {}, conntrack = {} } = written ?? {};
  const usual = eksKubeProxySettings;
  if (written) checkDetector(reading, written);
  return {
    mode: mode ?? reading.fill('cluster.kubeProxy.mode', usual.mode, 'EKS'),
    clusterCidrs: written ? readClusterCidrs(reading, written) : usual.clusterCidrs,
    detectLocalMode: written?.detectLocalMode ?? usual.detectLocalMode,
    bridgeInterface: detectLocal.bridgeInterface ?? '',
    interfaceNamePrefix: detectLocal.interfaceNamePrefix ?? '',
    masqueradeAll: iptables.masqueradeAll ?? usual.masqueradeAll,
    masqueradeBit: iptables.masqueradeBit ?? usual.masqueradeBit,
    localhostNodePorts: iptables.localhostNodePorts ?? usual.localhostNodePorts,
    nodePortAddresses: written ? readNodePortAddresses(reading, written) : usual.nodePortAddresses,
    tcpBeLiberal: conntrack.tcpBeLiberal ?? usual.tcpBeLiberal,
    featureGates: written?.featureGates ?? usual.featureGates,
  };
}

/** One block, or one of each family. */
function readClusterCidrs(reading: Reading, written: KubeProxyFile): string[] {
  const { clusterCIDR = '' } = written;
  if (clusterCIDR.trim() === '') return [];
  const blocks = clusterCIDR.split(',').flatMap((text) => readRange(reading, written, 'clusterCIDR', text));
  const families = new Set(blocks.map(familyOf));
  if (families.size < blocks.length)
    reading.error(reading.of(written, 'clusterCIDR'), {
      code: 'kube-proxy/one-of-each-family',
      message: `clusterCIDR ${JSON.stringify(clusterCIDR)} has two blocks of one family`,
      hint: 'kube-proxy takes one IPv4 block and one IPv6 block at most',
    });
  return blocks;
}

function readNodePortAddresses(
  reading: Reading,
  written: KubeProxyFile,
): KubeProxySettings['nodePortAddresses'] {
  const list = written.nodePortAddresses ?? [];
  if (!list.includes('primary')) return list.flatMap((text, index) => readRange(reading, list, index, text));
  if (list.length > 1)
    reading.error(reading.of(list, list.indexOf('primary')), {
      code: 'kube-proxy/primary-alone',
      message: 'nodePortAddresses holds "primary" and blocks',
      hint: 'write [primary] alone, or blocks only',
    });
  return 'primary';
}

/** Host bits are cleared, as kube-proxy does. */
function readRange(reading: Reading, container: object, key: string | number, text: string): string[] {
  const block = text.includes('/') ? canonicalRange(text) : undefined;
  if (block !== undefined) return [block];
  const single = canonicalRange(`${text.trim()}/${familyOf(text) === 'IPv6' ? 128 : 32}`);
  reading.error(reading.of(container, key), {
    code: 'cidr/malformed',
    message: `${JSON.stringify(text)} is not a block`,
    hint: single ? `a single address is ${single}` : 'write a block such as 10.1.0.0/16',
  });
  return [];
}

/** The two modes that go by an interface need its name. */
function checkDetector(reading: Reading, written: KubeProxyFile): void {
  const { detectLocalMode: mode, detectLocal } = written;
  const key =
    mode === 'BridgeInterface'
      ? 'bridgeInterface'
      : mode === 'InterfaceNamePrefix'
        ? 'interfaceNamePrefix'
        : undefined;
  if (key === undefined || detectLocal?.[key]) return;
  reading.error(reading.of(written, 'detectLocalMode'), {
    code: 'kube-proxy/no-interface',
    message: `detectLocalMode ${mode} needs detectLocal.${key}`,
    hint: `write detectLocal: {${key}: ${mode === 'BridgeInterface' ? 'cni0' : 'eni'}}`,
  });
}
