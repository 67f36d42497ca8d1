import { describe, expect, test } from 'vitest';
import type { EndpointSlice, Service } from '../../src/api/objects.ts';
import { kubeProxyRules } from '../../src/kube/kube-proxy.ts';
import { eksKubeProxy } from '../../src/kube/kube-proxy-config.ts';
import { endpoint, service, slice } from './objects.ts';
import { chainsOf, NODE } from './proxy-node.ts';

const node = (name: string, zone = 'a') => ({ ...NODE, name, zone });

const rulesOf = (services: readonly Service[], slices: readonly EndpointSlice[]) =>
  kubeProxyRules({ config: eksKubeProxy, services, slices });

const plain = service('plain', { clusterIP: '10.100.0.20' });
const plainSlice = slice(plain, [endpoint('10.0.0.1 on n1'), endpoint('10.0.0.2 on n2')]);
const local = service('local', {
  clusterIP: '10.100.0.21',
  type: 'NodePort',
  ports: [{ name: 'http', protocol: 'TCP', port: 80, targetPort: 8080, nodePort: 30080 }],
  externalTrafficPolicy: 'Local',
});
const localSlice = slice(local, [endpoint('10.0.0.1 on n1'), endpoint('10.0.0.2 on n2')]);

describe('what nodes share', () => {
  test('where no Service depends on the node, all nodes have the very same rules', () => {
    const on = rulesOf([plain], [plainSlice]);
    const [a, b] = [on(node('n1')), on(node('n2', 'b'))];
    expect(a.shared).toBe(b.shared);
    expect(a.own).toEqual([]);
    expect(b.own).toBe(a.own);
  });

  test('a Local policy gives the nodes with endpoints chains of their own, and the others one set', () => {
    const on = rulesOf([plain, local], [plainSlice, localSlice]);
    const [n1, n2, n3, n4] = ['n1', 'n2', 'n3', 'n4'].map((name) => on(node(name)));
    expect(n1!.shared).toBe(n3!.shared);
    expect(n3!.own).toBe(n4!.own);
    expect(n1!.own).not.toBe(n2!.own);
    const names = (rules: typeof n1) => rules!.own.flatMap(({ chains }) => chains.map(({ name }) => name));
    expect(names(n1)).toContain('KUBE-EXTERNAL-SERVICES');
    expect(names(n1)).not.toContain('KUBE-SERVICES');
    const shared = n1!.shared.flatMap(({ chains }) => chains.map(({ name }) => name));
    expect(shared).toContain('KUBE-SERVICES');
  });

  test('no rule is written before it is read', () => {
    const explosive = { ...plain, externalIPs: plain.externalIPs };
    const { shared } = rulesOf([explosive], [plainSlice])(node('n1'));
    const chain = shared.flatMap(({ chains }) => chains).find(({ name }) => name.startsWith('KUBE-SVC-'))!;
    expect(Object.getOwnPropertyDescriptor(chain, 'rules')!.get).toBeTypeOf('function');
    expect(chain.rules).toBe(chain.rules);
  });
});

describe('which endpoints a node uses', () => {
  const used = (services: Service, slices: EndpointSlice, at: ReturnType<typeof node>) =>
    [...chainsOf(rulesOf([services], [slices])(at))]
      .filter(([name]) => name.includes('KUBE-SEP-'))
      .map(([, rules]) => rules[1]!.split(' ').at(-1))
      .sort();

  const internal = { ...plain, internalTrafficPolicy: 'Local' } as const;

  test('the internal policy Local uses those of the node, and drops where there are none', () => {
    expect(used(internal, plainSlice, node('n1'))).toEqual(['10.0.0.1:8080']);
    const chains = chainsOf(rulesOf([internal], [plainSlice])(node('n3')));
    expect(chains.get('filter/KUBE-SERVICES')).toEqual([
      '-d 10.100.0.20/32 -p tcp -m comment --comment "default/plain:http has no local endpoints" -m tcp --dport 80 -j DROP',
    ]);
  });

  test('zone hints keep traffic in the zone where every ready endpoint has one', () => {
    const hinted = slice(plain, [
      endpoint('10.0.0.1', { zoneHints: ['a'] }),
      endpoint('10.0.0.2', { zoneHints: ['b'] }),
    ]);
    expect(used(plain, hinted, node('n1', 'a'))).toEqual(['10.0.0.1:8080']);
    expect(used(plain, hinted, node('n1', 'b'))).toEqual(['10.0.0.2:8080']);
    expect(used(plain, hinted, node('n1', 'c'))).toHaveLength(2);
    const partly = slice(plain, [endpoint('10.0.0.1', { zoneHints: ['a'] }), endpoint('10.0.0.2')]);
    expect(used(plain, partly, node('n1', 'b'))).toHaveLength(2);
  });

  test('node hints go before zone hints', () => {
    const hinted = slice(plain, [
      endpoint('10.0.0.1', { zoneHints: ['a'], nodeHints: ['n1'] }),
      endpoint('10.0.0.2', { zoneHints: ['a'], nodeHints: ['n2'] }),
    ]);
    expect(used(plain, hinted, node('n2', 'a'))).toEqual(['10.0.0.2:8080']);
    expect(used(plain, hinted, node('n3', 'a'))).toHaveLength(2);
  });

  test('terminating endpoints that still serve are used when no ready one is left', () => {
    const draining = { ready: false, serving: true, terminating: true };
    const mixed = slice(plain, [endpoint('10.0.0.1'), endpoint('10.0.0.2', draining)]);
    const leaving = slice(plain, [
      endpoint('10.0.0.1', { ready: false, serving: false }),
      endpoint('10.0.0.2', draining),
    ]);
    expect(used(plain, mixed, node('n1'))).toEqual(['10.0.0.1:8080']);
    expect(used(plain, leaving, node('n1'))).toEqual(['10.0.0.2:8080']);
  });

  test('an endpoint that two slices list counts once, as the node itself where one of them says so', () => {
    const twice = [
      slice(internal, [endpoint('10.0.0.1 on n1')]),
      slice(internal, [endpoint('10.0.0.1 on n2')]),
    ];
    const on = (name: string) => chainsOf(rulesOf([internal], twice)(node(name)));
    const local = (name: string) =>
      [...on(name).keys()].filter((chain) => chain.includes('KUBE-SVL-')).length;
    expect(['n1', 'n2', 'n3'].map(local)).toEqual([1, 1, 0]);
  });
});
