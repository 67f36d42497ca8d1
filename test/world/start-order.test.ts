/** Where the jumps of a node's writers stand in the built-in chains. */
import { expect, test } from 'vitest';
import { worldOf } from '../support/worlds.ts';

const pods = `
apiVersion: v1
kind: Pod
metadata: {name: edge}
spec: {nodeName: a, containers: [{name: c, ports: [{containerPort: 80, hostPort: 8080}]}]}
---
apiVersion: v1
kind: Pod
metadata: {name: plain}
spec: {nodeName: b, containers: [{name: c}]}
`;
const world = worldOf({
  'm.yaml': pods,
  'vpcsim.yaml': `
apiVersion: vpcsim/v1
kind: Topology
vpcs: [{name: v, cidrs: [10.0.0.0/16], subnets: [{name: s, cidr: 10.0.0.0/24}]}]
cluster:
  nodes: [{name: a, subnet: s}, {name: b, subnet: s}, {name: c, subnet: s, iptables: legacy}]
manifests: [m.yaml]
`,
});

/** "nat PREROUTING" -> where its rules lead, in order. */
function targets(node: string): Record<string, string[]> {
  const { rules } = world.cluster!.nodes.find(({ name }) => name === node)!;
  const found: Record<string, string[]> = {};
  for (const { table, chains } of [...rules.shared, ...rules.own])
    for (const { name, policy, rules: lines } of chains)
      if (policy)
        found[`${table} ${name}`] = [
          ...(found[`${table} ${name}`] ?? []),
          ...lines.map(({ text }) => / -j (\S+)/.exec(text)?.[1] ?? text),
        ];
  return found;
}

const filter = {
  'filter INPUT': ['KUBE-PROXY-FIREWALL', 'KUBE-NODEPORTS', 'KUBE-EXTERNAL-SERVICES', 'KUBE-FIREWALL'],
  'filter FORWARD': ['KUBE-PROXY-FIREWALL', 'KUBE-FORWARD', 'KUBE-SERVICES', 'KUBE-EXTERNAL-SERVICES'],
  'filter OUTPUT': ['KUBE-PROXY-FIREWALL', 'KUBE-SERVICES', 'KUBE-FIREWALL'],
};
const mangle = { 'mangle PREROUTING': ['CONNMARK', 'CONNMARK', 'CONNMARK'] };

test('the kubelet comes first, kube-proxy puts its own on top, the CNI below', () => {
  expect(targets('c')).toEqual({
    ...filter,
    ...mangle,
    'nat PREROUTING': ['KUBE-SERVICES', 'AWS-CONNMARK-CHAIN-0', 'CONNMARK'],
    'nat OUTPUT': ['KUBE-SERVICES'],
    'nat POSTROUTING': ['KUBE-POSTROUTING', 'AWS-SNAT-CHAIN-0'],
  });
});

test('on nodes with the iptables of nftables the CNI marks in a table of its own', () => {
  const { 'ip aws-cni nat-prerouting': nft, ...iptables } = targets('b');
  expect(iptables).toEqual({
    ...filter,
    ...mangle,
    'nat PREROUTING': ['KUBE-SERVICES'],
    'nat OUTPUT': ['KUBE-SERVICES'],
    'nat POSTROUTING': ['KUBE-POSTROUTING', 'AWS-SNAT-CHAIN-0'],
  });
  expect(nft).toHaveLength(3);
});

test('host ports come last on the way in and first on the way out', () => {
  expect(targets('a')).toMatchObject({
    'nat PREROUTING': ['KUBE-SERVICES', 'CNI-HOSTPORT-DNAT'],
    'nat OUTPUT': ['KUBE-SERVICES', 'CNI-HOSTPORT-DNAT'],
    'nat POSTROUTING': ['CNI-HOSTPORT-MASQ', 'KUBE-POSTROUTING', 'AWS-SNAT-CHAIN-0'],
  });
});
