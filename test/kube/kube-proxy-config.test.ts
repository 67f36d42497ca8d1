/** What kube-proxy's configuration changes in its rules. */
import { describe, expect, test } from 'vitest';
import {
  eksKubeProxySettings,
  type KubeProxyConfig,
  type KubeProxyNode,
  type KubeProxySettings,
  kubeProxyConfig,
} from '../../src/kube/kube-proxy-config.ts';
import { endpoint, service, slice } from './objects.ts';
import { NODE, rulesOn } from './proxy-node.ts';

const config = (settings: Partial<KubeProxySettings>, node: Partial<KubeProxyNode> = {}): KubeProxyConfig =>
  kubeProxyConfig(
    { ...eksKubeProxySettings, ...settings },
    { family: 'IPv4', version: '1.34', sysctls: {}, ...node },
  );

const web = service('web', {
  clusterIP: '10.100.0.20',
  type: 'NodePort',
  ports: [{ name: '', protocol: 'TCP', port: 80, targetPort: 80, nodePort: 30080 }],
});
const slices = [slice(web, [endpoint('10.0.0.1')])];
const rules = (settings: Partial<KubeProxySettings>, node: Partial<KubeProxyNode> = {}) =>
  rulesOn([web], slices, config(settings, node));

/** The rule that asks for SNAT on the way to the ClusterIP, where there is one. */
const snat = (settings: Partial<KubeProxySettings>, node: Partial<KubeProxyNode> = {}) =>
  [...rules(settings, node)]
    .filter(([name]) => name.startsWith('nat/KUBE-SVC-'))
    .flatMap(([, [first]]) => (first!.endsWith('KUBE-MARK-MASQ') ? first : []));

describe('SNAT on the way to a ClusterIP', () => {
  const toClusterIp =
    '-d 10.100.0.20/32 -p tcp -m comment --comment "default/web cluster IP" -m tcp --dport 80 -j KUBE-MARK-MASQ';
  // iptables-save prints interfaces behind addresses.
  const [address, ...rest] = toClusterIp.split(' -p ');

  test('EKS leaves clusterCIDR empty: nobody gets it', () => {
    expect(snat({})).toEqual([]);
  });

  test('with a block of pods, those outside it get it', () => {
    expect(snat({ clusterCidrs: ['10.0.0.0/8'] })).toEqual([`! -s 10.0.0.0/8 ${toClusterIp}`]);
  });

  test('the block of the other family does not count', () => {
    expect(snat({ clusterCidrs: ['fd00:10::/64'] })).toEqual([]);
    expect(config({ clusterCidrs: ['10.0.0.0/8', 'fd00::/64'] }, { family: 'IPv6' }).detectLocal).toEqual({
      mode: 'ClusterCIDR',
      cidr: 'fd00::/64',
    });
  });

  test('mode NodeCIDR goes by the block of the node', () => {
    const found = snat({ detectLocalMode: 'NodeCIDR' }, { podCidr: '10.0.3.0/24' });
    expect(found).toEqual([`! -s 10.0.3.0/24 ${toClusterIp}`]);
  });

  test('two modes go by the interface', () => {
    expect(snat({ detectLocalMode: 'BridgeInterface', bridgeInterface: 'cni0' })).toEqual([
      `${address} ! -i cni0 -p ${rest}`,
    ]);
    expect(snat({ detectLocalMode: 'InterfaceNamePrefix', interfaceNamePrefix: 'eni' })).toEqual([
      `${address} ! -i eni+ -p ${rest}`,
    ]);
  });

  test('masqueradeAll: everybody gets it', () => {
    expect(snat({ masqueradeAll: true, clusterCidrs: ['10.0.0.0/8'] })).toEqual([toClusterIp]);
  });

  test('masqueradeBit is the bit of the mark', () => {
    const chains = rules({ masqueradeBit: 31 });
    expect(chains.get('nat/KUBE-MARK-MASQ')).toEqual(['-j MARK --set-xmark 0x80000000/0x80000000']);
    expect(chains.get('nat/KUBE-POSTROUTING')).toEqual([
      '-m mark ! --mark 0x80000000/0x80000000 -j RETURN',
      '-j MARK --set-xmark 0x80000000/0x0',
      '-m comment --comment "kubernetes service traffic requiring SNAT" -j MASQUERADE --random-fully',
    ]);
  });
});

describe('where NodePorts answer', () => {
  const last =
    '-m comment --comment "kubernetes service nodeports; NOTE: this must be the last rule in this chain"';
  const tail = (settings: Partial<KubeProxySettings>, node: Partial<KubeProxyNode> = {}) =>
    rules(settings, node)
      .get('nat/KUBE-SERVICES')!
      .filter((rule) => rule.endsWith('KUBE-NODEPORTS'));
  /** KUBE-FIREWALL shields loopback, which route_localnet opens. */
  const opensLoopback = (settings: Partial<KubeProxySettings>) =>
    rulesOn([web], slices, { ...config(settings), withKubelet: false }).get('filter/KUBE-FIREWALL')!.length >
    0;

  test('on all local addresses', () => {
    expect(tail({})).toEqual([`${last} -m addrtype --dst-type LOCAL -j KUBE-NODEPORTS`]);
    expect(tail({ nodePortAddresses: ['0.0.0.0/0'] })).toEqual(tail({}));
    expect(opensLoopback({})).toBe(true);
  });

  test('a block of the other family selects nothing and changes nothing', () => {
    expect(tail({ nodePortAddresses: ['fd00::/64'] })).toEqual(tail({}));
    expect(opensLoopback({ nodePortAddresses: ['fd00::/64'] })).toBe(true);
  });

  test('not on loopback where that is switched off', () => {
    expect(tail({ localhostNodePorts: false })).toEqual([
      `! -d 127.0.0.0/8 ${last} -m addrtype --dst-type LOCAL -j KUBE-NODEPORTS`,
    ]);
    expect(opensLoopback({ localhostNodePorts: false })).toBe(false);
  });

  test('on the addresses in the blocks only; loopback stays shut unless a block holds it', () => {
    expect(tail({ nodePortAddresses: ['192.168.99.0/24'] })).toEqual([
      `-d 192.168.99.11/32 ${last} -j KUBE-NODEPORTS`,
    ]);
    expect(opensLoopback({ nodePortAddresses: ['192.168.99.0/24'] })).toBe(false);
    expect(tail({ nodePortAddresses: ['192.168.0.0/24', '127.0.0.0/8'] })).toEqual([
      `-d 192.168.0.2/32 ${last} -j KUBE-NODEPORTS`,
      `-d 127.0.0.1/32 ${last} -j KUBE-NODEPORTS`,
    ]);
    expect(opensLoopback({ nodePortAddresses: ['127.0.0.0/8'] })).toBe(true);
  });

  test('primary: on the address that the node goes by', () => {
    expect(tail({ nodePortAddresses: 'primary' })).toEqual([
      `-d ${NODE.primaryAddress}/32 ${last} -j KUBE-NODEPORTS`,
    ]);
    expect(opensLoopback({ nodePortAddresses: 'primary' })).toBe(false);
  });
});

describe('INVALID packets', () => {
  const dropped = (settings: Partial<KubeProxySettings>, sysctls: Record<string, string> = {}) =>
    rules(settings, { sysctls }).get('filter/KUBE-FORWARD')![0] === '-m conntrack --ctstate INVALID -j DROP';

  test('are dropped, unless connection tracking is liberal by configuration or sysctl', () => {
    expect(dropped({})).toBe(true);
    expect(dropped({ tcpBeLiberal: true })).toBe(false);
    expect(dropped({}, { 'net.netfilter.nf_conntrack_tcp_be_liberal': '1' })).toBe(false);
    expect(dropped({}, { 'net.netfilter.nf_conntrack_tcp_be_liberal': '0' })).toBe(true);
  });
});

test('where the kernel keeps accounts, two rules name counters', () => {
  const chains = rulesOn([web], slices, { ...config({}), nfacct: true });
  const [toLoopback, toAll] = chains.get('nat/KUBE-NODEPORTS')!;
  const target = toAll!.split(' ').at(-1);
  expect(toLoopback).toBe(
    `-d 127.0.0.0/8 -p tcp -m comment --comment "default/web" -m tcp --dport 30080 -m nfacct --nfacct-name  localhost_nps_accepted_pkts -j ${target}`,
  );
  expect(chains.get('filter/KUBE-FORWARD')![0]).toBe(
    '-m conntrack --ctstate INVALID -m nfacct --nfacct-name  ct_state_invalid_dropped_pkts -j DROP',
  );
  expect(rules({}).get('nat/KUBE-NODEPORTS')).toEqual([toAll]);
});

describe('hints of EndpointSlices', () => {
  const here = { ...endpoint('10.0.0.1'), nodeHints: [NODE.name], zoneHints: ['zone-a'] };
  const near = { ...endpoint('10.0.0.2'), nodeHints: ['other'], zoneHints: ['zone-a'] };
  const far = { ...endpoint('10.0.0.3'), nodeHints: ['third'], zoneHints: ['zone-b'] };
  const used = (version: string, annotations: Record<string, string> = {}, gates = {}) => {
    const hinted = { ...web, metadata: { ...web.metadata, annotations } };
    const made = config({ featureGates: gates }, { version });
    return [...rulesOn([hinted], [slice(hinted, [here, near, far])], made)]
      .filter(([name]) => name.includes('KUBE-SEP-'))
      .map(([, list]) => list[1]!.split(' ').at(-1)!.replace(':80', ''));
  };

  test('from 1.34 on those for nodes count first', () => {
    expect(used('1.34')).toEqual(['10.0.0.1']);
    expect(used('1.33')).toEqual(['10.0.0.1', '10.0.0.2']);
    expect(used('1.33', {}, { PreferSameTrafficDistribution: true })).toEqual(['10.0.0.1']);
    expect(used('1.34', {}, { PreferSameTrafficDistribution: false })).toEqual(['10.0.0.1', '10.0.0.2']);
  });

  test('before 1.31 those for zones need an annotation of the Service', () => {
    const all = ['10.0.0.1', '10.0.0.2', '10.0.0.3'];
    expect(used('1.30')).toEqual(all);
    expect(used('1.30', { 'service.kubernetes.io/topology-mode': 'Auto' })).toEqual(['10.0.0.1', '10.0.0.2']);
    expect(used('1.30', { 'service.kubernetes.io/topology-mode': 'Disabled' })).toEqual(all);
    expect(used('1.31')).toEqual(['10.0.0.1', '10.0.0.2']);
  });
});
