import { describe, expect, test } from 'vitest';
import { formatIpv4 } from '../../src/addressing/ip.ts';
import type { ControllerOutput } from '../../src/elb/plan.ts';
import {
  alb,
  backend,
  expose,
  ingress,
  nlb,
  nodes,
  only,
  path,
  pods,
  serve,
  service,
  slice,
} from './cluster.ts';

const shop = (annotations: Record<string, string> = {}) =>
  ingress('shop', { '': [path('/')] }, alb(annotations));
const ip = { 'target-type': 'ip' };

function targets(output: ControllerOutput): string[] {
  return only(output).targetGroups.flatMap((group) =>
    group.targets.map(
      ({ label, address, port, health, reason }) =>
        `${label} ${formatIpv4(address)}:${port} ${health}${reason && ` ${reason}`}`,
    ),
  );
}

function ruleTexts(output: ControllerOutput): string[] {
  return output.targetRules.map(
    ({ group, protocol, ports, peer }) =>
      `${group}: ${protocol} ${ports!.join('-')} from ${'group' in peer ? peer.group.replace(/-[0-9a-f]{10}$/, '') : 'cidr'}`,
  );
}

describe('what is registered', () => {
  test('target-type ip: the ready pods with their own port, past kube-proxy', () => {
    expect(targets(serve(shop(ip)))).toEqual([
      'pod/default/a 10.0.16.10:8080 healthy',
      'pod/default/b 10.0.32.10:8080 healthy',
    ]);
  });

  test('target-type instance (the default): every node with the node port', () => {
    expect(targets(serve(shop()))).toEqual([
      'node/node-a 10.0.16.4:30080 healthy',
      'node/node-b 10.0.32.4:30080 healthy',
    ]);
  });

  test("the Service's annotation beats the Ingress's", () => {
    const services = [service('web', {}, alb(ip))];
    expect(targets(serve(shop({ 'target-type': 'instance' }), { services }))[0]).toBe(
      'pod/default/a 10.0.16.10:8080 healthy',
    );
  });

  test('a pod that is not ready is not registered, and the reason is kept', () => {
    const output = serve(shop(ip), {
      endpointSlices: [
        slice('web', [
          ['a', true],
          ['b', false],
        ]),
      ],
      pods: [pods[0]!, { ...pods[1]!, containersReady: false }],
    });
    expect(targets(output)).toEqual(['pod/default/a 10.0.16.10:8080 healthy']);
    expect(only(output).targetGroups[0]!.leftOut).toEqual([
      { label: 'pod/default/b', reason: 'the pod is not ready' },
    ]);
  });

  test('a pod whose containers are ready but whose readiness gate waits is registered', () => {
    const waiting = [slice('web', [['b', false]])];
    expect(targets(serve(shop(ip), { endpointSlices: waiting }))).toEqual([
      'pod/default/b 10.0.32.10:8080 healthy',
    ]);
  });

  test('nodes that are excluded, not ready or about to be removed are not registered', () => {
    const [first] = nodes;
    const output = serve(shop(), {
      nodes: [
        ...nodes,
        { ...first!, name: 'n1', ready: false },
        { ...first!, name: 'n2', labels: { 'node.kubernetes.io/exclude-from-external-load-balancers': '' } },
        { ...first!, name: 'n3', labels: { 'eks.amazonaws.com/compute-type': 'fargate' } },
        {
          ...first!,
          name: 'n4',
          taints: [{ key: 'karpenter.sh/disrupted', value: '', effect: 'NoSchedule' as const }],
        },
      ],
    });
    expect(targets(output)).toHaveLength(2);
    expect(only(output).targetGroups[0]!.leftOut).toEqual([
      { label: 'node/n1', reason: 'the node is not ready' },
      { label: 'node/n2', reason: 'label node.kubernetes.io/exclude-from-external-load-balancers' },
      { label: 'node/n3', reason: 'a Fargate node' },
      { label: 'node/n4', reason: 'taint karpenter.sh/disrupted' },
    ]);
  });

  test('a target in a zone where the load balancer has no node is unused', () => {
    const output = serve(shop(ip), { pods: [pods[0]!, { ...pods[1]!, az: 'us-east-1c' }] });
    expect(targets(output)[1]).toBe('pod/default/b 10.0.32.10:8080 unused Target.NotInUse');
  });

  test('node ports of a Service without endpoints are refused by kube-proxy: all unhealthy', () => {
    expect(targets(serve(shop(), { endpointSlices: [] }))).toEqual([
      'node/node-a 10.0.16.4:30080 unhealthy Target.FailedHealthChecks',
      'node/node-b 10.0.32.4:30080 unhealthy Target.FailedHealthChecks',
    ]);
  });

  test('externalTrafficPolicy Local: only nodes with a ready local pod are healthy, asked on the health check node port', () => {
    const local = service('web', {
      type: 'LoadBalancer',
      externalTrafficPolicy: 'Local',
      healthCheckNodePort: 32000,
    });
    const output = expose(local, { endpointSlices: [slice('web', [['a', true]])] });
    expect(targets(output)).toEqual([
      'node/node-a 10.0.16.4:30080 healthy',
      'node/node-b 10.0.32.4:30080 unhealthy Target.FailedHealthChecks',
    ]);
    expect(only(output).targetGroups[0]!.healthCheck).toMatchObject({
      protocol: 'HTTP',
      port: 32000,
      path: '/healthz',
    });
  });

  test('behind an ALB the nodes without a local pod let the health check time out', () => {
    const services = [service('web', { externalTrafficPolicy: 'Local' })];
    const output = serve(shop(), { services, endpointSlices: [slice('web', [['a', true]])] });
    expect(targets(output)[1]).toBe('node/node-b 10.0.32.4:30080 unhealthy Target.Timeout');
  });
});

describe('rules added to the security group of the targets', () => {
  test('ip targets: their port from the backend group', () => {
    expect(ruleTexts(serve(shop(ip)))).toEqual(['nodes: 6 8080-8080 from k8s-traffic-shop']);
  });

  test('ports of all target groups, health checks included, are merged into one range', () => {
    const services = [
      service('web'),
      service('api', { ports: [{ name: '', protocol: 'TCP', port: 80, targetPort: 9000, nodePort: 31000 }] }),
    ];
    const two = ingress(
      'shop',
      { '': [path('/'), path('/api', backend('api'))] },
      alb({ 'healthcheck-port': '32100' }),
    );
    expect(ruleTexts(serve(two, { services }))).toEqual(['nodes: 6 30080-32100 from k8s-traffic-shop']);
  });

  test('of several groups on a network interface the one with the cluster tag gets the rule', () => {
    const both = pods.map((pod) => ({ ...pod, securityGroups: ['extra', 'nodes'] }));
    expect(ruleTexts(serve(shop(ip), { pods: both }))).toEqual(['nodes: 6 8080-8080 from k8s-traffic-shop']);
  });

  test('two groups with the cluster tag: no rule at all, and the warning says so', () => {
    const tags = { 'kubernetes.io/cluster/shop': 'owned' };
    const output = serve(shop(ip), {
      pods: pods.map((pod) => ({ ...pod, securityGroups: ['cluster', 'nodes'] })),
      securityGroups: [
        { name: 'nodes', tags },
        { name: 'cluster', tags },
      ],
    });
    expect(output.targetRules).toEqual([]);
    expect(output.plans).toHaveLength(1);
    expect(output.issues).toMatchObject([{ code: 'elb/target-security-group' }]);
    expect(output.issues[0]!.message).toContain(
      'expected exactly one securityGroup tagged with kubernetes.io/cluster/shop for the network interface of pod/default/a, got: [cluster nodes] (clusterName: shop)',
    );
  });

  test('an NLB without security groups opens its targets to the clients themselves', () => {
    const output = expose(
      service(
        'web',
        { type: 'LoadBalancer', loadBalancerSourceRanges: ['203.0.113.0/24'] },
        nlb({ 'aws-load-balancer-disable-nlb-sg': 'true' }),
      ),
    );
    expect(only(output).securityGroups).toEqual([]);
    expect(output.backendGroup).toBeUndefined();
    // The client range, and the two subnets that health checks come from.
    expect(ruleTexts(output)).toEqual([
      'nodes: 6 30080-30080 from cidr',
      'nodes: 6 30080-30080 from cidr',
      'nodes: 6 30080-30080 from cidr',
    ]);
  });
});
