import { describe, expect, test } from 'vitest';
import { cidr } from '../../src/addressing/cidr.ts';
import type { Service, ServicePort } from '../../src/api/objects.ts';
import { allocateServices } from '../../src/kube/services.ts';
import { service } from './objects.ts';

const allocate = (services: readonly Service[], range = '10.100.0.0/16') =>
  allocateServices({ services, serviceCidr: cidr(range) });

const addressesOf = (services: readonly Service[]) => services.map(({ clusterIP }) => clusterIP);

const port = (number: number, more: Partial<ServicePort> = {}): ServicePort => ({
  name: `p${number}`,
  protocol: 'TCP',
  port: number,
  targetPort: number,
  ...more,
});

describe('ClusterIPs', () => {
  test.each([
    ['10.100.0.0/16', '10.100.1.1'],
    ['10.100.0.0/24', '10.100.0.17'],
    ['10.100.0.0/20', '10.100.1.1'],
    ['10.100.0.0/28', '10.100.0.1'],
  ])(
    'the first address that is given out in %s is %s: the band below is for written ones',
    (range, first) => {
      expect(addressesOf(allocate([service('a')], range).services)).toEqual([first]);
    },
  );

  test('written addresses go first, whatever the names', () => {
    const { services, issues } = allocate([service('a'), service('z', { clusterIP: '10.100.1.1' })]);
    expect(addressesOf(services)).toEqual(['10.100.1.2', '10.100.1.1']);
    expect(issues).toEqual([]);
  });

  test('the lower band is used when the upper one is full, then the range is', () => {
    const many = Array.from({ length: 31 }, (_, i) => service(`s${String(i).padStart(2, '0')}`));
    const { services, issues } = allocate(many, '10.100.0.0/27');
    expect(services[0]!.clusterIP).toBe('10.100.0.17');
    expect(services[14]!.clusterIP).toBe('10.100.0.1');
    expect(services[29]!.clusterIP).toBe('10.100.0.16');
    expect(services[30]!.clusterIP).toBeUndefined();
    expect(issues.map(({ code }) => code)).toEqual(['service/no-cluster-ip-left']);
  });

  test('headless and ExternalName Services have none', () => {
    const { services } = allocate([
      service('a', { clusterIP: 'None' }),
      service('b', { type: 'ExternalName' }),
    ]);
    expect(addressesOf(services)).toEqual(['None', undefined]);
  });

  test.each(['10.101.0.1', '10.100.0.0', '10.100.255.255'])('%s is not in the range', (clusterIP) => {
    const { services, issues } = allocate([service('a', { clusterIP })]);
    expect(services).toEqual([]);
    expect(issues[0]!.code).toBe('service/cluster-ip-out-of-range');
  });

  test('of a further range are taken as they are written, each once', () => {
    const ask = ['a', 'b', 'c'].map((name) =>
      service(name, { clusterIP: name === 'c' ? undefined : '203.0.113.5' }),
    );
    const { services, issues } = allocateServices({
      services: ask,
      serviceCidr: cidr('10.100.0.0/16'),
      furtherRanges: [cidr('203.0.113.0/24')],
    });
    expect(services.map(({ metadata }) => metadata.name)).toEqual(['a', 'c']);
    expect(services[1]!.clusterIP).toMatch(/^10\.100\./);
    expect(issues[0]!.code).toBe('service/cluster-ip-in-use');
  });

  test('an address is given out once', () => {
    const both = ['a', 'b'].map((name) => service(name, { clusterIP: '10.100.0.20' }));
    const { services, issues } = allocate(both);
    expect(services.map(({ metadata }) => metadata.name)).toEqual(['a']);
    expect(issues[0]).toMatchObject({
      code: 'service/cluster-ip-in-use',
      message: 'Service default/b: failed to allocate IP 10.100.0.20: provided IP is already allocated',
    });
  });
});

describe('NodePorts', () => {
  const nodePorts = (services: readonly Service[]) =>
    services.flatMap(({ ports }) => ports.map(({ nodePort }) => nodePort));

  test('the first NodePort that is given out is 30086: 86 are kept for written ones', () => {
    const ports = [port(80), port(443)];
    expect(nodePorts(allocate([service('a', { type: 'NodePort', ports })]).services)).toEqual([30086, 30087]);
  });

  test('protocols that share a port number share its NodePort', () => {
    const ports = [port(53, { protocol: 'UDP' }), port(53)];
    expect(nodePorts(allocate([service('a', { type: 'NodePort', ports })]).services)).toEqual([30086, 30086]);
  });

  test('a load balancer has NodePorts unless it is told not to', () => {
    const balanced = service('a', { type: 'LoadBalancer' });
    expect(nodePorts(allocate([balanced]).services)).toEqual([30086]);
    expect(nodePorts(allocate([{ ...balanced, allocateLoadBalancerNodePorts: false }]).services)).toEqual([
      undefined,
    ]);
  });

  test('a load balancer with the external policy Local has a health check port besides', () => {
    const { services } = allocate([service('a', { type: 'LoadBalancer', externalTrafficPolicy: 'Local' })]);
    expect(services[0]!.healthCheckNodePort).toBe(30087);
  });

  test('a written NodePort must be in the range, and free', () => {
    const at = (name: string, nodePort: number) =>
      service(name, { type: 'NodePort', ports: [port(80, { nodePort })] });
    const { services, issues } = allocate([at('a', 30080), at('b', 30080), at('c', 80)]);
    expect(services.map(({ metadata }) => metadata.name)).toEqual(['a']);
    expect(issues.map(({ code }) => code)).toEqual([
      'service/node-port-in-use',
      'service/node-port-out-of-range',
    ]);
  });
});
