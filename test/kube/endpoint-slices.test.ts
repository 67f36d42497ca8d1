import { describe, expect, test } from 'vitest';
import type { Pod } from '../../src/api/objects.ts';
import { endpointSlices, type PodStatus } from '../../src/kube/endpoint-slices.ts';
import { container, endpoint, pod, service, slice } from './objects.ts';

const http = (containerPort: number) =>
  container({ ports: [{ name: 'http', containerPort, protocol: 'TCP' }] });

const web = (name: string, port = 8080): Pod => pod(name, { containers: [http(port)] }, { app: 'web' });

const at = (address: string | undefined, of: Pod, more: Partial<PodStatus> = {}): PodStatus => ({
  pod: of,
  address,
  node: 'n1',
  zone: 'a',
  ready: true,
  ...more,
});

const named = service('web', { ports: [{ name: 'http', protocol: 'TCP', port: 80, targetPort: 'http' }] });

describe('hints', () => {
  const pods = [at('10.0.0.1', web('a')), at('10.0.0.2', web('b'), { ready: false })];
  const hints = (trafficDistribution: 'PreferClose' | 'PreferSameZone' | 'PreferSameNode') =>
    endpointSlices([service('web', { trafficDistribution })], pods, []).flatMap(({ endpoints }) =>
      endpoints.map(({ zoneHints, nodeHints }) => [zoneHints, nodeHints]),
    );

  test('a Service that wants its own zone gets it named for ready pods', () => {
    expect(hints('PreferSameZone')).toEqual([
      [['a'], []],
      [[], []],
    ]);
    expect(hints('PreferClose')).toEqual(hints('PreferSameZone'));
  });

  test('one that wants its own node gets both', () => {
    expect(hints('PreferSameNode')[0]).toEqual([['a'], ['n1']]);
  });
});

describe('endpoints of a Service', () => {
  test('the pods that its selector selects, with their node and zone', () => {
    const pods = [at('10.0.0.1', web('a')), at('10.0.0.2', pod('other')), at(undefined, web('pending'))];
    const [found] = endpointSlices([service('web')], pods, []);
    expect(found!.ports).toEqual([{ name: 'http', protocol: 'TCP', port: 8080 }]);
    expect(found!.endpoints).toEqual([
      {
        addresses: ['10.0.0.1'],
        ready: true,
        serving: true,
        terminating: false,
        nodeName: 'n1',
        zone: 'a',
        zoneHints: [],
        nodeHints: [],
        pod: 'default/a',
      },
    ]);
  });

  test('a named target port is looked up in each pod: other numbers make another slice', () => {
    const pods = [
      at('10.0.0.1', web('a', 8080)),
      at('10.0.0.2', web('b', 9090)),
      at('10.0.0.3', web('c', 8080)),
    ];
    const found = endpointSlices([named], pods, []);
    const byPort = found.map(({ ports, endpoints }) => [ports[0]!.port, endpoints.map(({ pod }) => pod)]);
    expect(new Map(byPort as [number, string[]][])).toEqual(
      new Map([
        [8080, ['default/a', 'default/c']],
        [9090, ['default/b']],
      ]),
    );
  });

  test('a pod without the named port is listed without a port', () => {
    const [found] = endpointSlices([named], [at('10.0.0.1', pod('a', {}, { app: 'web' }))], []);
    expect(found!.ports).toEqual([]);
    expect(found!.endpoints).toHaveLength(1);
  });

  test.each([
    [{ ready: true }, [true, true, false]],
    [{ ready: false }, [false, false, false]],
    [{ ready: true, terminating: true }, [false, true, true]],
    [{ ready: false, terminating: true }, [false, false, true]],
  ])('of a pod with %o ready, serving and terminating are %o', (status, conditions) => {
    const [found] = endpointSlices([service('web')], [at('10.0.0.1', web('a'), status)], []);
    const { ready, serving, terminating } = found!.endpoints[0]!;
    expect([ready, serving, terminating]).toEqual(conditions);
  });

  test('publishNotReadyAddresses makes every endpoint ready', () => {
    const all = service('web', { publishNotReadyAddresses: true });
    const [found] = endpointSlices([all], [at('10.0.0.1', web('a'), { ready: false })], []);
    expect(found!.endpoints[0]).toMatchObject({ ready: true, serving: false });
  });

  test('a slice holds 100 endpoints', () => {
    const pods = Array.from({ length: 250 }, (_, i) => at(`10.0.${i >> 7}.${i & 127}`, web(`p${i}`)));
    const sizes = endpointSlices([service('web')], pods, []).map(({ endpoints }) => endpoints.length);
    expect(sizes.sort((a, b) => a - b)).toEqual([50, 100, 100]);
  });
});

describe('endpoints written by hand', () => {
  test('those of a Service without a selector are kept', () => {
    const manual = service('db', { selector: undefined });
    const written = slice(manual, [endpoint('192.0.2.7')]);
    expect(endpointSlices([manual], [], [written])).toEqual([written]);
  });

  test('those that the controller wrote into a dump are made anew', () => {
    const of = service('web');
    const labels = { 'endpointslice.kubernetes.io/managed-by': 'endpointslice-controller.k8s.io' };
    const stale = slice(of, [endpoint('10.9.9.9')]);
    const dumped = { ...stale, metadata: { ...stale.metadata, labels } };
    const found = endpointSlices([of], [at('10.0.0.1', web('a'))], [dumped]);
    expect(found.flatMap(({ endpoints }) => endpoints.flatMap(({ addresses }) => addresses))).toEqual([
      '10.0.0.1',
    ]);
  });
});
