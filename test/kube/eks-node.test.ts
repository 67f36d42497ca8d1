/** The rules of a node of a real EKS cluster, against the dump of one (eks_node1 of the fixtures). */
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { cidr } from '../../src/addressing/cidr.ts';
import { ipv4 } from '../../src/addressing/ip.ts';
import { readEnvironment } from '../../src/cni/environment.ts';
import { cniRules } from '../../src/cni/snat-rules.ts';
import { type BuiltInRule, builtInTables } from '../../src/host/netfilter/built-in-rules.ts';
import type { TableSource } from '../../src/host/rules.ts';
import { eksAddons } from '../../src/kube/eks-addons.ts';
import { kubernetesSlice } from '../../src/kube/endpoint-slices.ts';
import { kubeProxyRules } from '../../src/kube/kube-proxy.ts';
import { eksKubeProxy } from '../../src/kube/kube-proxy-config.ts';
import { kubeProxyJumps } from '../../src/kube/kube-proxy-static.ts';
import { kubeletJumps, kubeletTables } from '../../src/kube/kubelet-chains.ts';
import { type RuleWriter, START_ORDER } from '../../src/world/start-order.ts';
import { endpoint, slice } from './objects.ts';

const dumps = join(process.env.VPCSIM_FIXTURES ?? '', 'node-dumps');
const has = existsSync(join(dumps, 'eks_node1_nat_S.txt'));

const { services } = eksAddons({
  serviceCidr: cidr('10.100.0.0/16'),
  coreDnsReplicas: 2,
  written: { workloads: [], services: [] },
});
const [kubernetes, kubeDns] = services;
const node = {
  name: 'node1',
  addresses: ['172.31.23.106', '172.31.23.93', '172.31.18.110'],
  primaryAddress: '172.31.23.106',
};
const kube = kubeProxyRules({
  config: eksKubeProxy,
  services,
  slices: [
    kubernetesSlice(kubernetes!, ['172.31.14.42', '172.31.37.201']),
    slice(kubeDns!, [endpoint('172.31.20.89'), endpoint('172.31.31.116')]),
  ],
})(node);
/** The comments of its rules are those of the CNI before 1.23. */
const cni = cniRules({ env: readEnvironment({}, '1.22.4'), vpcCidrs: [cidr('172.31.0.0/16')] })({
  primaryAddress: ipv4('172.31.23.106'),
  primaryInterface: 'eth0',
  iptables: 'nft',
});
const jumps: Record<RuleWriter, readonly BuiltInRule[]> = {
  kubelet: kubeletJumps,
  'kube-proxy': kubeProxyJumps,
  'VPC CNI': cni.jumps,
  portmap: [],
};
const sources: readonly TableSource[] = [
  ...builtInTables(START_ORDER.flatMap((writer) => jumps[writer])),
  ...kubeletTables('1.34', 'IPv4'),
  ...kube.shared,
  ...kube.own,
  ...cni.shared,
  ...cni.own,
];

/** Rules by chain; those of KUBE-SERVICES sorted, because their order on a real node is that of a hash map. */
function byChain(lines: readonly string[]): Map<string, string[]> {
  const chains = new Map<string, string[]>();
  for (const line of lines) {
    const [verb, chain = ''] = line.split(' ');
    if (verb !== '-A' && verb !== '-N') continue;
    const rules = chains.get(chain) ?? [];
    if (verb === '-A') rules.push(line);
    chains.set(chain, rules);
  }
  const portals = chains.get('KUBE-SERVICES') ?? [];
  chains.set('KUBE-SERVICES', [...portals.slice(0, -1).sort(), ...portals.slice(-1)]);
  return chains;
}

function ours(table: string): string[] {
  return sources
    .filter((source) => source.table === table)
    .flatMap(({ chains }) =>
      chains.flatMap(({ name, policy, rules }) => [
        ...(policy ? [] : [`-N ${name}`]),
        ...rules.map(({ text }) => text),
      ]),
    );
}

test.runIf(process.env.CI)('VPCSIM_FIXTURES names the folder with the dumps', () => {
  expect(has).toBe(true);
});

describe.skipIf(!has)(
  'a node of EKS with CoreDNS and nothing else (skipped where VPCSIM_FIXTURES is unset)',
  () => {
    test.each(['nat', 'filter'])('table %s is that of the dump, rule for rule', (table) => {
      const dump = readFileSync(join(dumps, `eks_node1_${table}_S.txt`), 'utf8')
        .trim()
        .split('\n');
      expect(byChain(ours(table))).toEqual(byChain(dump));
    });
  },
);
