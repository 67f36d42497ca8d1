/** A cluster as its dumps show it. The dumps are made of a world of ours, so that every answer must be the same: real ids
 *  stand where names stood, addresses, verdicts, headers at every hop and the way back do not change. */
import { describe, expect, test } from 'vitest';
import { formatIpv4 } from '../../src/addressing/ip.ts';
import type { World } from '../../src/world/world.ts';
import { good, load } from '../io/input.ts';
import { traceOf } from '../support/worlds.ts';
import { accountTopology } from './cluster-topology.ts';
import { built, courses, roundTrip } from './round-trip.ts';

const trip = roundTrip(accountTopology);
const { original, dumps, imported } = trip;

const web = original.cluster!.pods.filter(({ id }) => id.startsWith('shop/web-'));
const dns = original.loadBalancers.map(({ dnsName, listeners }) => ({ dnsName, port: listeners[0]!.port }));

describe('an account with a cluster, read from its dumps', () => {
  test.each(Object.entries(dumps))(
    '%s is the file that is kept (vitest -u writes it)',
    async (name, text) => {
      await expect(text).toMatchFileSnapshot(`real-cluster/${name}`);
    },
  );

  test('is understood as a whole', () => {
    const parsed = load(dumps, '.');
    expect(parsed.ok && parsed.warnings.map(({ code, message }) => `${code} ${message}`)).toEqual([]);
    expect(imported.warnings.map(({ code, message }) => `${code} ${message}`)).toEqual([]);
  });

  test('has the pods that ran, where they ran, and no others', () => {
    const state = (world: World): string[] =>
      world
        .cluster!.pods.map(({ id, node, address, phase, ready }) =>
          [id, node, address === undefined ? '' : formatIpv4(address), phase, ready].join(' '),
        )
        .sort();
    expect(state(imported)).toEqual(state(original));
  });

  test('has the interfaces of its nodes under their ids, with the same addresses', () => {
    const held = (world: World): string[] =>
      world.enis
        .map(({ addresses, sourceDestCheck }) =>
          [...addresses.map(({ address }) => formatIpv4(address)), sourceDestCheck].join(' '),
        )
        .sort();
    expect(held(imported)).toEqual(held(original));
    expect(imported.cluster!.nodes[0]!.enis[0]).toMatch(/^eni\/eni-0[0-9a-f]{16}$/);
  });

  test('has the same endpoints behind each Service', () => {
    const ends = (world: World): string[] =>
      world
        .cluster!.slices.flatMap(({ service, endpoints, ports }) =>
          endpoints.map(({ addresses, ready }) => `${service} ${addresses} ${ports[0]?.port} ${ready}`),
        )
        .sort();
    expect(ends(imported)).toEqual(ends(original));
  });

  test('knows for which objects its load balancers are, and makes no others', () => {
    const known = (world: World) =>
      world.loadBalancers.map(({ name, kind, for: owner }) => [name, kind, owner]).sort();
    expect(known(imported)).toEqual(known(original));
  });

  const flows: readonly (readonly [from: string, to: string, protocol?: string])[] = [
    ...web.map((pod) => ['pod/shop/client', `pod/${pod.id}:8080`] as const),
    ...web.map((pod) => [`pod/${pod.id}`, 'pod/shop/client:9000'] as const),
    ['pod/shop/client', 'svc/shop/web:80'],
    ['pod/shop/client', 'svc/kube-system/kube-dns:53', 'udp'],
    ['pod/shop/client', 'svc/default/kubernetes:443'],
    ['pod/shop/client', 'svc/shop/queue:5672'],
    ['pod/shop/client', '1.1.1.1:443'],
    ['pod/shop/client', '10.30.0.200:80'],
    ['internet', 'http://shop.example.com/'],
    ['internet', 'http://shop.example.com:8080/'],
    ['internet', 'instance/bastion:22'],
    ['instance/bastion', `pod/${web[0]!.id}:8080`],
    ['api-server', `pod/${web[0]!.id}:8080`],
    ['node/ip-10-30-16-10.ec2.internal', `pod/${web[1]!.id}:8080`],
    ...dns.flatMap(({ dnsName, port }) => [
      ['internet', `http://${dnsName}:${port}/`] as const,
      ['pod/shop/client', `${dnsName}:${port}`] as const,
    ]),
  ];

  const named = flows.map(([from, to, protocol]) => ({ from, to, protocol }));

  test.each(named)('$from > $to goes the same way', ({ from, to, protocol }) => {
    const { before, after } = courses(trip, from, to, protocol);
    expect(after).toEqual(before);
  });
});

describe('rules of nodes', () => {
  const node = 'ip-10-30-16-10.ec2.internal';
  const told = (world: World): string[] => {
    const { assumptions, remarks } = traceOf(world, 'pod/shop/client', 'svc/shop/web:80');
    return [...assumptions, ...remarks].filter((text) => text.startsWith(`the rules of node/${node}`));
  };

  test('are those that kube-proxy and the CNI write, which a trace says', () => {
    expect(told(imported)).toEqual([
      `the rules of node/${node} are those that kube-proxy and the VPC CNI write: no dump of it is given`,
    ]);
  });

  test('are those of a dump where one is given, which a trace says as well', () => {
    const files = { ...dumps, 'node.save': '*nat\n:PREROUTING ACCEPT\n:POSTROUTING ACCEPT\nCOMMIT\n' };
    const world = built(good(files, '.', { nodeRules: { [node]: ['node.save'] } }));
    expect(told(world)).toEqual([`the rules of node/${node} are those of its dump`]);
  });
});

describe('pods on several interfaces', () => {
  const prefixes = accountTopology
    .replace('WARM_IP_TARGET: "2", MINIMUM_IP_TARGET: "4"', 'ENABLE_PREFIX_DELEGATION: "true"')
    .replace('replicas: 3', 'replicas: 24');
  const strict = accountTopology
    .replace(
      'WARM_IP_TARGET: "2", MINIMUM_IP_TARGET: "4"',
      'ENABLE_POD_ENI: "true", POD_SECURITY_GROUP_ENFORCING_MODE: strict, DISABLE_TCP_EARLY_DEMUX: "true"',
    )
    .replace('- { name: bastion, ingress', '- { name: client }\n      - { name: bastion, ingress')
    .concat(`---
apiVersion: vpcresources.k8s.aws/v1beta1
kind: SecurityGroupPolicy
metadata: { name: client, namespace: shop }
spec: { podSelector: { matchLabels: { app: web } }, securityGroups: { groupIds: [client] } }
`);
  const secondary = accountTopology
    .replace('WARM_IP_TARGET: "2", MINIMUM_IP_TARGET: "4"', 'AWS_VPC_K8S_CNI_EXTERNALSNAT: "true"')
    .replace('replicas: 3', 'replicas: 24');
  const instances = accountTopology
    .replace('target-type: ip', 'target-type: instance')
    .replace(
      'ports: [{ port: 80, targetPort: 8080 }]',
      'type: NodePort\n  ports: [{ port: 80, targetPort: 8080 }]',
    );

  test.each([
    ['prefixes', prefixes, 2],
    ['secondary addresses, and no SNAT on nodes', secondary, 6],
    ['branches of a trunk', strict, 9],
    ['node ports behind load balancers', instances, 2],
  ])('%s: packets go as they did', (_title, file, count) => {
    const other = roundTrip(file);
    const pods = other.original.cluster!.pods.filter(({ id }) => id.startsWith('shop/web-'));
    expect(pods.every(({ address }) => address !== undefined)).toBe(true);
    const enis = other.imported.enis.filter(({ owner }) => /^(node|pod)\//.test(owner));
    expect(enis.length).toBe(count);
    const flows = [
      ...pods.flatMap(({ id }) => [
        ['pod/shop/client', `pod/${id}:8080`],
        [`pod/${id}`, '1.1.1.1:443'],
        [`pod/${id}`, 'svc/shop/web:80'],
      ]),
      ['internet', 'http://shop.example.com/'],
      ['pod/shop/client', 'svc/shop/queue:5672'],
    ];
    for (const [from, to] of flows) {
      const { before, after } = courses(other, from!, to!);
      expect(after).toEqual(before);
    }
  });
});
