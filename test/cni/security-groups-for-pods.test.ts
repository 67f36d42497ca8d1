/** Where packets of pods with security groups of their own go, and which groups see them. What the kernel does was
 *  measured in namespaces wired as the VPC CNI wires a node, with another namespace in the place of the VPC. */
import { describe, expect, test } from 'vitest';
import { formatIpv4 } from '../../src/addressing/ip.ts';
import { listingKinds } from '../../src/analysis/listings.ts';
import type { LinuxHost } from '../../src/host/linux-record.ts';
import { printIpRule } from '../../src/host/routing/routing-text.ts';
import { arrow, at, devices, onlyPath, step } from '../support/reading.ts';
import { traceOf } from '../support/worlds.ts';
import { branchWorld, FROM_NODES, NO_EARLY_DEMUX, STANDARD } from './branch-pods.ts';

type World = ReturnType<typeof branchWorld>;

const strict = branchWorld({ ingress: FROM_NODES });
const tuned = branchWorld({ ingress: FROM_NODES, env: NO_EARLY_DEMUX });
const standard = branchWorld({ env: STANDARD });

const FIRST = 'pod/default/first';
const SECOND = 'pod/default/second';
const FAR = 'pod/default/far';
const PLAIN = 'pod/default/plain';

const way = (world: World, from: string, to: string, rest = {}) =>
  devices(onlyPath(traceOf(world, from, to, rest)).hops);
const code = (world: World, from: string, to: string, rest = {}) => {
  const { verdict, blockers } = traceOf(world, from, to, rest);
  return `${verdict} ${blockers[0]?.code ?? '-'}`;
};
const node = (world: World, name: string) => world.devices[world.indexOf.get(`node/${name}`)!] as LinuxHost;

describe('interfaces', () => {
  test('a trunk takes the highest device number, and each branch pod has an interface and an address of its own', () => {
    const own = strict.enis.filter(({ id }) => id.startsWith('n1'));
    expect(own.map(({ id, owner, securityGroups }) => `${id} ${owner} ${securityGroups.join()}`)).toEqual([
      'n1 node/n1 nodes',
      'n1/1 node/n1 nodes',
      'n1/2 node/n1 nodes',
      'n1/vlan.1 pod/default/first web',
      'n1/vlan.2 pod/default/second web',
    ]);
    const pods = new Map(strict.cluster!.pods.map((pod) => [pod.id, pod]));
    expect(pods.get('default/first')!.eni).toBe('eni/n1/vlan.1');
    expect(formatIpv4(own[3]!.addresses[0]!.address)).toBe(formatIpv4(pods.get('default/first')!.address!));
    expect(pods.get('default/plain')!.eni).toBe('eni/n1');
  });

  test('a branch counts one pod in listings', () => {
    const { columns, rows } = listingKinds.find(({ names }) => names.includes('enis'))!.list(strict);
    const row = rows.find(([id]) => id === 'n1/vlan.1')!;
    expect([row[columns.indexOf('DEVICE')], row[columns.indexOf('PODS')]]).toEqual(['vlan 1', '1']);
  });

  test('the node has a link for each branch, and the host side of a strict pod is called vlan...', () => {
    const names = (world: World) => node(world, 'n1').interfaces.map(({ name }) => name);
    expect(names(strict)).toEqual([
      'lo',
      'ens5',
      'ens6',
      'ens7',
      'vlan.eth.1',
      'vlan.eth.2',
      expect.stringMatching(/^vlan[0-9a-f]{11}$/),
      expect.stringMatching(/^eni[0-9a-f]{11}$/),
      expect.stringMatching(/^vlan[0-9a-f]{11}$/),
    ]);
    expect(names(standard).filter((name) => /^vlan[0-9a-f]/.test(name))).toEqual([]);
  });
});

describe('strict', () => {
  test('rules by interface come before the local table, which rule 0 no longer leads to', () => {
    const { rules } = node(strict, 'n1').routing;
    const plain = formatIpv4(strict.cluster!.pods.find(({ id }) => id === 'default/plain')!.address!);
    expect(rules.map(printIpRule).map((text) => text.replace(/vlan[0-9a-f]{11}/, 'VETH'))).toEqual([
      '10: from all iif vlan.eth.1 lookup 101',
      '10: from all iif VETH lookup 101',
      '10: from all iif vlan.eth.2 lookup 102',
      '10: from all iif VETH lookup 102',
      '20: from all lookup local',
      `512: from all to ${plain} lookup main`,
      '1024: from all fwmark 0x80/0x80 lookup main',
      expect.stringMatching(/^32765: .* lookup 2$/),
      '32766: from all lookup main',
      '32767: from all lookup default',
    ]);
  });

  test('two pods of one node meet in the VPC, where both groups see the packet', () => {
    const { hops } = onlyPath(traceOf(strict, FIRST, `${SECOND}:80`));
    expect(devices(hops)).toEqual([
      FIRST,
      'node/n1',
      'eni/n1/vlan.1',
      'subnet/private',
      'vpc-router/v',
      'subnet/private',
      'eni/n1/vlan.2',
      'node/n1',
      SECOND,
    ]);
    expect(step(at(hops, 'eni/n1/vlan.1'), 'security group out').rule).toMatch(/^sg\/web egress/);
    expect(step(at(hops, 'eni/n1/vlan.2'), 'security group in').rule).toBe(
      'sg/web ingress: tcp 80 from sg/web',
    );
  });

  test('a plain pod of the same node needs a rule of the group', () => {
    expect(code(branchWorld(), PLAIN, `${FIRST}:80`)).toBe('unreachable sg/no-ingress-rule');
    expect(way(strict, PLAIN, `${FIRST}:80`)).toContain('eni/n1/vlan.1');
  });

  test('the reply of a plain pod finds the node by the plain pod’s interface', () => {
    const { reply } = onlyPath(traceOf(strict, FIRST, `${PLAIN}:80`));
    expect(reply!.disposition).toBe('delivered');
  });

  test('through a Service to a pod of the same node the connection is translated twice, once each time it comes by', () => {
    const { hops, reply } = onlyPath(traceOf(strict, FIRST, 'svc/second:80'));
    const visits = hops.filter(({ device }) => device.id === 'n1');
    expect(visits).toHaveLength(2);
    // The answers would look like those of the connection to the Service.
    expect(arrow(visits[1]!.out)).toMatch(/^tcp 10\.0\.1\.\d+:\* > /);
    expect(reply!.disposition).toBe('delivered');
  });

  test('an echo that a rule sends to a pod of the same node gets another identifier, and its answer the first one again', () => {
    const second = formatIpv4(strict.cluster!.pods.find(({ id }) => id === 'default/second')!.address!);
    const iptables = `*nat\n:PREROUTING ACCEPT [0:0]\n:POSTROUTING ACCEPT [0:0]\n-A PREROUTING -d 198.51.100.7/32 -p icmp -j DNAT --to-destination ${second}\nCOMMIT\n`;
    const world = branchWorld({ ingress: ', {protocol: icmp, from: sg/web}', iptables });
    const trace = traceOf(world, FIRST, '198.51.100.7', { protocol: 'icmp' });
    expect(devices(onlyPath(trace).hops).at(-1)).toBe(SECOND);
    expect(trace.verdict).toBe('reachable');
  });

  test('a refusal between pods of one node comes by conntrack twice, is INVALID the second time, and dropped', () => {
    const strictListen = { strictListen: true };
    const open = branchWorld({ ingress: ', {protocol: tcp, from: sg/web}' });
    const path = onlyPath(traceOf(open, FIRST, `${SECOND}:81`, strictListen));
    expect(path.reply).toMatchObject({
      disposition: 'dropped',
      code: 'conntrack/invalid',
      device: 'node/n1',
    });
    expect(path.symptom.kind).toBe('timeout');
    const { symptom } = onlyPath(traceOf(standard, FIRST, `${SECOND}:81`, strictListen));
    expect(symptom.kind).toBe('refused');
  });

  test('a NodePort leads out of the primary interface and back by the branch', () => {
    expect(way(strict, 'node/n2', 'node/n1:30080')).toEqual([
      'node/n2',
      'eni/n2',
      'eni/n1',
      'node/n1',
      'eni/n1',
      'eni/n1/vlan.2',
      'node/n1',
      SECOND,
    ]);
  });

  test('with externalTrafficPolicy Local the client’s address would leave by the node’s interface, which drops it', () => {
    const more =
      '---\napiVersion: v1\nkind: Service\nmetadata: {name: near}\nspec: {type: NodePort, externalTrafficPolicy: Local, selector: {number: second}, ports: [{port: 80, nodePort: 30081}]}\n';
    expect(code(branchWorld({ ingress: FROM_NODES, more }), 'node/n2', 'node/n1:30081')).toBe(
      'unreachable eni/source-check',
    );
    const direct = branchWorld({ env: STANDARD, more });
    expect(code(direct, 'node/n2', 'node/n1:30081')).toBe('reachable -');
  });

  test('a load balancer’s target is the branch, and the controller opens its group', () => {
    const more =
      '---\napiVersion: v1\nkind: Service\nmetadata: {name: balanced, annotations: {service.beta.kubernetes.io/aws-load-balancer-type: external, service.beta.kubernetes.io/aws-load-balancer-nlb-target-type: ip}}\nspec: {type: LoadBalancer, selector: {number: second}, ports: [{port: 80}]}\n';
    const world = branchWorld({ more });
    const balancer = world.loadBalancers[0]!;
    const group = world.securityGroups.find(({ group }) => group.name === 'web')!.group;
    expect(group.ingress.some(({ peer }) => 'group' in peer && peer.group.startsWith('k8s-'))).toBe(true);
    expect(way(world, FAR, `http://${balancer.dnsName}:80`).slice(-3)).toEqual([
      'eni/n1/vlan.2',
      'node/n1',
      SECOND,
    ]);
  });

  test('to the internet a pod keeps its address until a NAT gateway', () => {
    const { hops } = onlyPath(traceOf(strict, FIRST, '198.51.100.7:443'));
    const first = strict.cluster!.pods.find(({ id }) => id === 'default/first')!;
    expect(arrow(at(hops, 'eni/n1/vlan.1').in)).toContain(formatIpv4(first.address!));
    expect(devices(hops)).toContain('nat-gateway/nat');
  });

  test('in a public subnet it has no public address, and the internet gateway drops it', () => {
    const open = branchWorld({ subnet: 'public' });
    expect(code(open, FIRST, '198.51.100.7:443')).toBe('unreachable igw/no-public-address');
  });

  test('what is on the node’s link alone is out of reach: nothing in the VPC has such an address', () => {
    expect(code(strict, FIRST, '169.254.20.10:53')).toBe('unreachable eni/link-local');
  });
});

describe('strict, between a node and its own pods', () => {
  test('a probe leaves by the primary interface and comes in by the branch', () => {
    expect(way(tuned, 'node/n1', `${FIRST}:80`)).toEqual([
      'node/n1',
      'eni/n1',
      'eni/n1/vlan.1',
      'node/n1',
      FIRST,
    ]);
  });

  test('the pod’s group must let the node’s in', () => {
    const closed = branchWorld({ env: NO_EARLY_DEMUX });
    expect(code(closed, 'node/n1', `${FIRST}:80`)).toBe('unreachable sg/no-ingress-rule');
  });

  test('with TCP early demux on, the answer has a socket when it is to be forwarded, and is dropped', () => {
    const trace = traceOf(strict, 'node/n1', `${FIRST}:80`);
    const path = onlyPath(trace);
    expect(trace.verdict).toBe('unreachable');
    expect(trace.blockers[0]).toMatchObject({
      code: 'host/early-demux',
      device: 'node/n1',
      direction: 'reply',
    });
    expect(path.symptom.kind).toBe('timeout');
  });

  test('a pod that connects to its node gets an answer, and then nothing', () => {
    const trace = traceOf(strict, FIRST, 'node/n1:10250');
    expect(trace.verdict).toBe('unreachable');
    expect(onlyPath(trace).symptom.text).toMatch(/^connected, then nothing/);
    expect(code(tuned, FIRST, 'node/n1:10250')).toBe('reachable -');
  });

  test('by a Service the node reaches the pod: the answer is for the socket only once it is translated back', () => {
    expect(code(strict, 'node/n1', 'svc/second:80')).toBe('reachable -');
  });

  test('for UDP it matters whether the socket is connected, and no setting of the CNI helps', () => {
    const udp = { protocol: 'udp' } as const;
    expect(code(tuned, 'node/n1', `${FIRST}:53`, udp)).toBe('undetermined host/early-demux');
  });

  test('an echo is answered: only TCP and UDP have early demux', () => {
    expect(code(strict, 'node/n1', FIRST, { protocol: 'icmp' })).toBe('reachable -');
  });

  test('another node’s connection is forwarded like any', () => {
    expect(code(strict, 'node/n2', `${FIRST}:80`)).toBe('reachable -');
  });
});

describe('standard', () => {
  test('same node: from pair to pair, and no group sees it', () => {
    expect(way(standard, FIRST, `${SECOND}:80`)).toEqual([FIRST, 'node/n1', SECOND]);
    expect(way(standard, PLAIN, `${FIRST}:80`)).toEqual([PLAIN, 'node/n1', FIRST]);
    expect(way(standard, 'node/n1', `${FIRST}:80`)).toEqual(['node/n1', FIRST]);
    expect(way(standard, FIRST, 'node/n1:10250')).toEqual([FIRST, 'node/n1']);
  });

  test('another node: by the branches, whose groups decide', () => {
    expect(way(standard, FAR, `${FIRST}:80`)).toEqual([
      FAR,
      'node/n2',
      'eni/n2/vlan.1',
      'subnet/private',
      'vpc-router/v',
      'subnet/private',
      'eni/n1/vlan.1',
      'node/n1',
      FIRST,
    ]);
    expect(code(standard, 'node/n2', `${FIRST}:80`)).toBe('unreachable sg/no-ingress-rule');
  });

  test('to the internet with the node’s address, by the node’s interface and group', () => {
    const { hops } = onlyPath(traceOf(standard, FIRST, '198.51.100.7:443'));
    expect(devices(hops).slice(0, 3)).toEqual([FIRST, 'node/n1', 'eni/n1']);
  });

  test('with external SNAT by the branch, with the pod’s own address', () => {
    const external = branchWorld({ env: `${STANDARD}, AWS_VPC_K8S_CNI_EXTERNALSNAT: "true"` });
    const { hops } = onlyPath(traceOf(external, FIRST, '198.51.100.7:443'));
    expect(devices(hops).slice(0, 3)).toEqual([FIRST, 'node/n1', 'eni/n1/vlan.1']);
  });

  test('the rules are those of any pod, with the branch’s table', () => {
    const { rules } = node(standard, 'n1').routing;
    const address = formatIpv4(standard.cluster!.pods.find(({ id }) => id === 'default/first')!.address!);
    const texts = rules.map(printIpRule);
    expect(texts[0]).toBe('0: from all lookup local');
    expect(texts).toContain(`512: from all to ${address} lookup main`);
    expect(texts).toContain(`1536: from ${address} lookup 101`);
  });
});

describe('who gets a branch', () => {
  const policy = (name: string, spec: string) =>
    `---\napiVersion: vpcresources.k8s.aws/v1beta1\nkind: SecurityGroupPolicy\nmetadata: {name: ${name}}\nspec: ${spec}\n`;
  const groupsOf = (world: World, pod: string) =>
    world.enis.find(({ owner }) => owner === `pod/default/${pod}`)?.securityGroups;

  test('groups of all policies that match are taken together', () => {
    const both = policy(
      'db',
      '{podSelector: {matchLabels: {number: second}}, securityGroups: {groupIds: [database, web]}}',
    );
    expect(groupsOf(branchWorld({ more: both }), 'second')).toEqual(['web', 'database']);
  });

  test('both selectors of a policy must match, and a service account without manifest has no labels', () => {
    const more =
      policy(
        'sa',
        '{podSelector: {}, serviceAccountSelector: {matchLabels: {db: "yes"}}, securityGroups: {groupIds: [database]}}',
      ) +
      '---\napiVersion: v1\nkind: ServiceAccount\nmetadata: {name: reader, labels: {db: "yes"}}\n' +
      '---\napiVersion: v1\nkind: Pod\nmetadata: {name: reads}\nspec: {nodeName: n1, serviceAccountName: reader, containers: [{name: c}]}\n';
    const world = branchWorld({ more });
    expect(groupsOf(world, 'reads')).toEqual(['database']);
    expect(groupsOf(world, 'plain')).toBeUndefined();
  });

  test('a pod that asks for one itself has the groups of the node', () => {
    const more =
      '---\napiVersion: v1\nkind: Pod\nmetadata: {name: asks}\nspec: {nodeName: n1, containers: [{name: c, resources: {limits: {vpc.amazonaws.com/pod-eni: 1}}}]}\n';
    expect(groupsOf(branchWorld({ more }), 'asks')).toEqual(['nodes']);
  });

  test('a policy is for pods of its namespace, and never for those of the host’s network', () => {
    const more =
      '---\napiVersion: v1\nkind: Pod\nmetadata: {name: other, namespace: other, labels: {app: web}}\nspec: {nodeName: n1, containers: [{name: c}]}\n' +
      '---\napiVersion: v1\nkind: Pod\nmetadata: {name: host, labels: {app: web}}\nspec: {nodeName: n1, hostNetwork: true, containers: [{name: c}]}\n';
    const world = branchWorld({ more });
    const enis = world.cluster!.pods.filter(({ id }) => /other|host/.test(id)).map(({ eni }) => eni);
    expect(enis).toEqual(['eni/n1', 'eni/n1']);
  });
});

describe('how many branches there are', () => {
  const pods = (count: number, spec: string) =>
    Array.from(
      { length: count },
      (_, i) =>
        `---\napiVersion: v1\nkind: Pod\nmetadata: {name: more-${10 + i}, labels: {app: web}}\nspec: {${spec}containers: [{name: c}]}\n`,
    ).join('');
  const last = (world: World, name: string) =>
    world.cluster!.pods.find(({ id }) => id === `default/${name}`)!;

  test('as many as the type takes: the scheduler counts them over the nodes', () => {
    // m5.large takes nine, and three of the eighteen have pods.
    const world = branchWorld({ more: pods(16, '') });
    expect(world.enis.filter(({ branch }) => branch)).toHaveLength(18);
    expect(last(world, 'more-25')).toMatchObject({
      phase: 'Pending',
      reasons: ['0/2 nodes are available: 2 Insufficient vpc.amazonaws.com/pod-eni.'],
    });
  });

  test('the kubelet refuses a pod that is pinned to a node without a free one', () => {
    const world = branchWorld({ more: pods(8, 'nodeName: n1, ') });
    const refused = world.cluster!.pods.filter(({ phase }) => phase === 'Pending');
    expect(refused.map(({ reasons }) => reasons[0])).toEqual([
      "Pod was rejected: Node didn't have enough resource: vpc.amazonaws.com/pod-eni, requested: 1, used: 9, capacity: 9",
    ]);
  });

  test('where the subnet has no address left the pod waits, and the controller says why', () => {
    // Two cluster interfaces, two nodes, two trunks: five of eleven addresses are left, and pools come last.
    const world = branchWorld({ cidr: '10.0.1.0/28', more: pods(6, '') });
    const waiting = world.cluster!.pods.filter(({ phase }) => phase === 'ContainerCreating');
    expect(
      waiting.some(({ reasons }) =>
        /^BranchAllocationFailed: .*InsufficientFreeAddressesInSubnet/.test(reasons[0]!),
      ),
    ).toBe(true);
  });
});

describe('where there is no trunk', () => {
  const more =
    '---\napiVersion: v1\nkind: Pod\nmetadata: {name: loose, labels: {app: web}}\nspec: {containers: [{name: c}]}\n';
  const reasonOf = (world: World) => world.cluster!.pods.find(({ id }) => id === 'default/loose')!.reasons[0];
  const pending = '0/2 nodes are available: 2 Insufficient vpc.amazonaws.com/pod-eni.';
  const warnings = (world: World) =>
    world.warnings.filter(({ code }) => code === 'node/no-trunk').map(({ message }) => message);

  test('a pod that a policy matches is scheduled where one is', () => {
    expect(reasonOf(branchWorld({ more }))).toMatch(/^on n[12]: /);
  });

  test('without ENABLE_POD_ENI it stays Pending: the webhook of EKS asks for a branch all the same', () => {
    const world = branchWorld({ more, podEni: false });
    expect(reasonOf(world)).toBe(pending);
    expect(warnings(world)).toEqual([]);
  });

  test('a type that takes none is named', () => {
    const world = branchWorld({ more, instanceType: 't3.medium' });
    expect(reasonOf(world)).toBe(pending);
    expect(warnings(world)).toEqual([
      '2 nodes (n1, ...) have no trunk ENI, and pods with security groups of their own cannot run there: ' +
        'The instance type t3.medium is not supported for trunk interface (Security Group for Pods)',
    ]);
  });

  test('MAX_ENI of one leaves no slot', () => {
    const world = branchWorld({ more, env: ', MAX_ENI: "1"' });
    expect(reasonOf(world)).toBe(pending);
    expect(warnings(world)[0]).toMatch(/No slot available for a trunk ENI to be attached\.$/);
  });
});

describe('custom networking', () => {
  const config = (name: string, spec: string) =>
    `---\napiVersion: crd.k8s.amazonaws.com/v1alpha1\nkind: ENIConfig\nmetadata: {name: ${name}}\nspec: ${spec}\n`;
  const env =
    ', AWS_VPC_K8S_CNI_CUSTOM_NETWORK_CFG: "true", ENI_CONFIG_LABEL_DEF: topology.kubernetes.io/region';
  const subnetsOf = (world: World) =>
    world.enis.filter(({ id }) => /^n1\/(2|vlan)/.test(id)).map(({ subnet }) => subnet);

  test('trunk and branches stand in the subnet of the node’s ENIConfig', () => {
    const world = branchWorld({
      env,
      more: config('us-east-1', '{subnet: pods, securityGroups: [database]}'),
    });
    expect(subnetsOf(world)).toEqual(['pods', 'pods', 'pods']);
    expect(world.enis.find(({ id }) => id === 'n1/2')?.securityGroups).toEqual(['database']);
  });

  test('but not in that of the ENIConfig named "default", of which the controller is not told', () => {
    const world = branchWorld({
      env: ', AWS_VPC_K8S_CNI_CUSTOM_NETWORK_CFG: "true"',
      more: config('default', '{subnet: pods}'),
    });
    expect(subnetsOf(world)).toEqual(['private', 'private', 'private']);
  });
});
