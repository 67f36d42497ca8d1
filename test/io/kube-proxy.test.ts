/** kube-proxy's configuration in the topology file and in manifests. */
import { describe, expect, test } from 'vitest';
import { type FileMap, faults, good, HEAD, issues } from './input.ts';

const VPC = 'vpcs: [{name: v, cidrs: [10.1.0.0/16], subnets: [{name: a, cidr: 10.1.0.0/20}]}]\n';
const of = (kubeProxy: string) => `${HEAD}${VPC}cluster: {kubeProxy: {${kubeProxy}}}\n`;
const settings = (files: FileMap | string) => good(files).cluster!.kubeProxy;

test('without a word kube-proxy is that of EKS: no block of pods, NodePorts on every address and on loopback', () => {
  expect(settings(`${HEAD}${VPC}cluster: {}\n`)).toEqual({
    mode: 'iptables',
    clusterCidrs: [],
    detectLocalMode: 'ClusterCIDR',
    bridgeInterface: '',
    interfaceNamePrefix: '',
    masqueradeAll: false,
    masqueradeBit: 14,
    localhostNodePorts: true,
    nodePortAddresses: [],
    tcpBeLiberal: false,
    featureGates: {},
  });
});

test("kube-proxy's own keys say the rest; host bits of blocks are cleared", () => {
  const written = `
    mode: iptables, clusterCIDR: "10.1.0.5/16,fd00:10::/64", detectLocalMode: InterfaceNamePrefix,
    detectLocal: {interfaceNamePrefix: eni}, nodePortAddresses: [10.1.0.0/20, 127.0.0.0/8],
    iptables: {masqueradeAll: true, masqueradeBit: 15, localhostNodePorts: false},
    conntrack: {tcpBeLiberal: true}, featureGates: {PreferSameTrafficDistribution: true}`;
  expect(settings(of(written))).toEqual({
    mode: 'iptables',
    clusterCidrs: ['10.1.0.0/16', 'fd00:10::/64'],
    detectLocalMode: 'InterfaceNamePrefix',
    bridgeInterface: '',
    interfaceNamePrefix: 'eni',
    masqueradeAll: true,
    masqueradeBit: 15,
    localhostNodePorts: false,
    nodePortAddresses: ['10.1.0.0/20', '127.0.0.0/8'],
    tcpBeLiberal: true,
    featureGates: { PreferSameTrafficDistribution: true },
  });
  expect(settings(of('nodePortAddresses: [primary]')).nodePortAddresses).toBe('primary');
});

describe('what kube-proxy would not start with', () => {
  test.each([
    ['clusterCIDR: 10.1.0.0', 'cidr/malformed', 'a single address is 10.1.0.0/32'],
    ['clusterCIDR: pods', 'cidr/malformed', 'write a block such as 10.1.0.0/16'],
    ['clusterCIDR: "10.1.0.0/16,10.2.0.0/16"', 'kube-proxy/one-of-each-family', 'one IPv4 block'],
    ['detectLocalMode: BridgeInterface', 'kube-proxy/no-interface', 'detectLocal: {bridgeInterface: cni0}'],
    ['detectLocalMode: ClusterCidr', 'topology/invalid-value', 'did you mean ClusterCIDR?'],
    ['iptables: {masqueradeBit: 32}', 'topology/invalid-value', undefined],
    ['iptables: {masquaradeAll: true}', 'topology/unknown-key', 'did you mean masqueradeAll, '],
    ['nodePortAdresses: []', 'topology/unknown-key', 'did you mean nodePortAddresses?'],
    ['nodePortAddresses: [primary, 10.0.0.0/8]', 'kube-proxy/primary-alone', 'write [primary] alone'],
    ['nodePortAddresses: ["10.0.0.0/33"]', 'cidr/malformed', 'write a block'],
    ['clusterCIDR: "fd00::1"', 'cidr/malformed', 'a single address is fd00::1/128'],
  ])('%s', (written, code, hint) => {
    const [found, ...others] = issues(of(written));
    expect(others).toEqual([]);
    expect(found).toMatchObject({ code, at: { file: 'vpcsim.yaml', line: 5 } });
    if (hint) expect(found!.hint).toContain(hint);
  });
});

describe('a configuration among the manifests', () => {
  const document = (body: string) =>
    `apiVersion: kubeproxy.config.k8s.io/v1alpha1\nkind: KubeProxyConfiguration\n${body}`;
  const beside = (manifest: string, cluster = '{}'): FileMap => ({
    'vpcsim.yaml': `${HEAD}${VPC}manifests: [m.yaml]\ncluster: ${cluster}\n`,
    'm.yaml': manifest,
  });
  /** As `kubectl get` shows the one of EKS, with a mask that differs. */
  const configMap = (body: string) => `apiVersion: v1
kind: ConfigMap
metadata: {name: kube-proxy-config, namespace: kube-system}
data:
  config: |-
    apiVersion: kubeproxy.config.k8s.io/v1alpha1
    bindAddress: 0.0.0.0
    clientConnection: {kubeconfig: /var/lib/kube-proxy/kubeconfig, qps: 5}
    clusterCIDR: ""
    configSyncPeriod: 15m0s
    conntrack: {maxPerCore: 32768, min: 131072, tcpEstablishedTimeout: 24h0m0s}
    detectLocalMode: ""
    kind: KubeProxyConfiguration
    metricsBindAddress: 0.0.0.0:10249
    mode: "iptables"
    nodePortAddresses: null
    oomScoreAdj: -998
    portRange: ""
    udpIdleTimeout: 250ms
${body}`;

  test('a document of its kind is read', () => {
    const files = beside(document('clusterCIDR: 10.1.0.0/16\nnodePortAddresses: [primary]\n'));
    expect(settings(files)).toMatchObject({ clusterCidrs: ['10.1.0.0/16'], nodePortAddresses: 'primary' });
    expect(good(files).objects.ignored).toEqual([]);
  });

  test('the ConfigMap of the EKS add-on holds it as text; empty texts and nulls say nothing', () => {
    const found = settings(beside(configMap('    iptables: {masqueradeAll: true, masqueradeBit: 14}\n')));
    expect(found).toMatchObject({ mode: 'iptables', masqueradeAll: true, nodePortAddresses: [] });
  });

  test('in a List too', () => {
    const items = document('conntrack: {tcpBeLiberal: true}').replaceAll('\n', '\n  ');
    const list = `apiVersion: v1\nkind: List\nitems:\n- ${items}\n`;
    expect(settings(beside(list)).tcpBeLiberal).toBe(true);
  });

  test('what the topology file says counts first, key by key', () => {
    const files = beside(
      document('clusterCIDR: 10.1.0.0/16\niptables: {masqueradeAll: true, masqueradeBit: 12}\n'),
      '{kubeProxy: {iptables: {masqueradeBit: 20}}}',
    );
    expect(settings(files)).toMatchObject({
      clusterCidrs: ['10.1.0.0/16'],
      masqueradeAll: true,
      masqueradeBit: 20,
    });
  });

  test('slips are told at their place, inside a text at the place of the text', () => {
    expect(faults(beside(document('clusterCIRD: 10.1.0.0/16\n')))).toEqual(['m.yaml:3:1 k8s/unknown-field']);
    expect(faults(beside(document('mode: iptable\n')))).toEqual(['m.yaml:3:7 k8s/invalid-value']);
    expect(faults(beside(configMap('    clusterCIRD: 10.1.0.0/16\n')))).toEqual([
      'm.yaml:5:11 k8s/unknown-field',
    ]);
    expect(faults(beside(configMap('    iptables: {masqueradeBit: 99}\n')))).toEqual([
      'm.yaml:5:11 k8s/invalid-value',
    ]);
    expect(faults(beside(configMap('    : [\n')))).toEqual(['m.yaml:5:11 k8s/bad-configuration']);
    expect(faults(beside(`${document('')}---\n${document('')}`))).toEqual(['m.yaml:4:1 k8s/duplicate']);
  });
});
