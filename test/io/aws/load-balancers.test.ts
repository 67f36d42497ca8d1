/** Load balancers in dumps: what elbv2 describes is traced as it is, and what nobody described is not guessed. */
import { describe, expect, test } from 'vitest';
import { traceOf, worldOf } from '../../support/worlds.ts';
import { HEAD, issues } from '../input.ts';
import { anywhere, filesOf, importedTopology, importedWorld, issuesOf, smallAccount } from './dumps.ts';

const elb = 'arn:aws:elasticloadbalancing:us-east-2:111122223333';
const webArn = `${elb}:loadbalancer/app/web/50dc6c495c0c9188`;
const listenerArn = `${elb}:listener/app/web/50dc6c495c0c9188/f2f7dc8efc522ab2`;
const tcpArn = `${elb}:loadbalancer/net/tcp/60dc6c495c0c9188`;
const groupArn = (name: string): string => `${elb}:targetgroup/${name}/73e2d6bc24d8a067`;
const balancerGroup = {
  GroupId: 'sg-lb',
  GroupName: 'lb',
  VpcId: 'vpc-1',
  IpPermissions: [{ IpProtocol: 'tcp', FromPort: 80, ToPort: 80, ...anywhere }],
  IpPermissionsEgress: [{ IpProtocol: '-1', ...anywhere }],
};

function node(id: string, address: string, of: string, more: object = {}) {
  return {
    NetworkInterfaceId: id,
    VpcId: 'vpc-1',
    SubnetId: 'subnet-a',
    Description: `ELB ${of}`,
    PrivateIpAddress: address,
    PrivateIpAddresses: [{ Primary: true, PrivateIpAddress: address }],
    Status: 'in-use',
    ...more,
  };
}

function target(id: string, port: number, state: string, reason?: string) {
  return {
    Target: { Id: id, Port: port },
    TargetHealth: { State: state, ...(reason && { Reason: reason }) },
  };
}

/** An Application Load Balancer with two target groups, and a Network Load Balancer before the instances. */
function account(): Record<string, unknown[]> {
  const small = smallAccount();
  const zones = [{ SubnetId: 'subnet-a', ZoneName: 'us-east-2a', LoadBalancerAddresses: [] }];
  const forward = (name: string) => ({ Type: 'forward', Order: 1, TargetGroupArn: groupArn(name) });
  return {
    ...small,
    SecurityGroups: [...small.SecurityGroups!, balancerGroup],
    NetworkInterfaces: [
      node('eni-web', '10.0.1.40', 'app/web/50dc6c495c0c9188', {
        Association: { PublicIp: '203.0.113.40' },
        Groups: [{ GroupId: 'sg-lb', GroupName: 'lb' }],
      }),
      node('eni-tcp', '10.0.1.50', 'net/tcp/60dc6c495c0c9188', { InterfaceType: 'network_load_balancer' }),
    ],
    LoadBalancers: [
      {
        LoadBalancerArn: webArn,
        LoadBalancerName: 'web',
        DNSName: 'web-1234567890.us-east-2.elb.amazonaws.com',
        Scheme: 'internet-facing',
        Type: 'application',
        State: { Code: 'active' },
        VpcId: 'vpc-1',
        AvailabilityZones: zones,
        SecurityGroups: ['sg-lb'],
      },
      {
        LoadBalancerArn: tcpArn,
        LoadBalancerName: 'tcp',
        DNSName: 'tcp-60dc6c495c0c9188.elb.us-east-2.amazonaws.com',
        Scheme: 'internal',
        Type: 'network',
        State: { Code: 'active' },
        VpcId: 'vpc-1',
        AvailabilityZones: zones,
      },
    ],
    Listeners: [
      {
        ListenerArn: listenerArn,
        LoadBalancerArn: webArn,
        Port: 80,
        Protocol: 'HTTP',
        DefaultActions: [
          {
            Type: 'fixed-response',
            Order: 1,
            FixedResponseConfig: { StatusCode: '404', ContentType: 'text/plain' },
          },
        ],
      },
      {
        ListenerArn: listenerArn.replace('app/web', 'net/tcp'),
        LoadBalancerArn: tcpArn,
        Port: 8080,
        Protocol: 'TCP',
        DefaultActions: [forward('tcp')],
      },
    ],
    Rules: [
      {
        RuleArn: `${listenerArn.replace(':listener/', ':listener-rule/')}/9683b2d02a6cabee`,
        Priority: '10',
        Conditions: [
          { Field: 'path-pattern', Values: ['/shop*'], PathPatternConfig: { Values: ['/shop*'] } },
        ],
        Actions: [forward('shop')],
      },
      {
        RuleArn: `${listenerArn.replace(':listener/', ':listener-rule/')}/1683b2d02a6cabee`,
        Priority: '20',
        Conditions: [
          { Field: 'host-header', HostHeaderConfig: { Values: ['old.example.com'] } },
          { Field: 'query-string', QueryStringConfig: { Values: [{ Key: 'v', Value: '1' }] } },
        ],
        Actions: [
          {
            Type: 'redirect',
            Order: 1,
            RedirectConfig: {
              Protocol: 'HTTPS',
              Port: '443',
              Host: 'example.com',
              Path: '/#{path}',
              Query: '#{query}',
              StatusCode: 'HTTP_302',
            },
          },
        ],
      },
      {
        RuleArn: `${listenerArn.replace(':listener/', ':listener-rule/')}/0`,
        Priority: 'default',
        IsDefault: true,
        Conditions: [],
        Actions: [],
      },
    ],
    TargetGroups: [
      {
        TargetGroupArn: groupArn('shop'),
        TargetGroupName: 'shop',
        Protocol: 'HTTP',
        Port: 80,
        TargetType: 'instance',
        VpcId: 'vpc-1',
        LoadBalancerArns: [webArn],
      },
      {
        TargetGroupArn: groupArn('tcp'),
        TargetGroupName: 'tcp',
        Protocol: 'TCP',
        Port: 80,
        TargetType: 'ip',
        VpcId: 'vpc-1',
        LoadBalancerArns: [tcpArn],
      },
    ],
    TargetGroupAttributes: [
      {
        TargetGroupArn: groupArn('tcp'),
        Attributes: [{ Key: 'preserve_client_ip.enabled', Value: 'true' }],
      },
    ],
    LoadBalancerTargetHealth: [
      {
        TargetGroupArn: groupArn('shop'),
        TargetHealthDescriptions: [
          target('i-1', 80, 'healthy'),
          target('i-2', 80, 'unhealthy', 'Target.Timeout'),
        ],
      },
      {
        TargetGroupArn: groupArn('tcp'),
        TargetHealthDescriptions: [target('10.0.1.11', 80, 'healthy'), target('10.0.1.12', 80, 'draining')],
      },
    ],
  };
}

const world = importedWorld(filesOf(account()));
const hops = (trace: ReturnType<typeof traceOf>): string[] =>
  trace.paths[0]!.hops.map(({ device }) => `${device.kind}/${device.id}`);

describe('an Application Load Balancer in dumps', () => {
  test('stands at its interfaces, with their public addresses', () => {
    expect(
      hops(traceOf(world, 'internet', 'http://web-1234567890.us-east-2.elb.amazonaws.com/shop')),
    ).toContain('eni/eni-web');
  });

  test('sends by its rules to healthy targets alone', () => {
    const trace = traceOf(world, 'internet', 'http://203.0.113.40/shop/1');
    expect(trace.verdict).toBe('reachable');
    expect(trace.paths).toHaveLength(1);
    expect(hops(trace).at(-1)).toBe('instance/i-1');
  });

  test('answers by its default action where no rule holds', () => {
    expect(traceOf(world, 'internet', 'http://203.0.113.40/other').symptom).toMatchObject({
      kind: 'http-404',
    });
  });

  test('redirects where host and query string are those of the rule', () => {
    const flow = { headers: { Host: 'old.example.com' } };
    expect(traceOf(world, 'internet', 'http://203.0.113.40/x?v=1', flow).symptom).toMatchObject({
      kind: 'http-302',
    });
    expect(traceOf(world, 'internet', 'http://203.0.113.40/x?v=2', flow).symptom).toMatchObject({
      kind: 'http-404',
    });
  });

  test('whose rules nobody described gives no answer', () => {
    const { Rules: _, ...rest } = account();
    const trace = traceOf(importedWorld(filesOf(rest)), 'internet', 'http://203.0.113.40/shop');
    expect(trace.verdict).toBe('undetermined');
    expect(trace.notModelled.join()).toContain('listener rules of web are not known');
  });

  test('whose targets nobody described gives no answer either', () => {
    const { LoadBalancerTargetHealth: _, ...rest } = account();
    const trace = traceOf(importedWorld(filesOf(rest)), 'internet', 'http://203.0.113.40/shop');
    expect(trace.verdict).toBe('undetermined');
    expect(trace.notModelled.join()).toContain('describe-target-health');
  });

  test('that is not active takes no packets', () => {
    const { LoadBalancers, ...rest } = account();
    const failed = LoadBalancers!.map((each) => ({ ...(each as object), State: { Code: 'failed' } }));
    const trace = traceOf(
      importedWorld(filesOf({ ...rest, LoadBalancers: failed })),
      'internet',
      'http://203.0.113.40/shop',
    );
    expect(trace.paths[0]).toMatchObject({ code: 'eni/not-running' });
  });
});

describe('a Network Load Balancer in dumps', () => {
  test('keeps the client address where its target group says so, and takes the answer back', () => {
    const [path] = traceOf(world, 'instance/i-2', '10.0.1.50:8080').paths;
    const last = path!.hops.at(-1)!;
    expect([last.in.src, last.in.dst, last.in.dport]).toEqual(['10.0.1.12', '10.0.1.11', 80]);
    expect(path!.reply.hops.map(({ device }) => device.id)).toContain('tcp/us-east-2a');
  });

  test('gives a target that is draining nothing', () => {
    expect(traceOf(world, 'instance/i-2', '10.0.1.50:8080').paths).toHaveLength(1);
  });

  test("is described in Batfish's files as well", () => {
    const { Listeners, ...rest } = account();
    const own = Listeners!.filter((each) => (each as { LoadBalancerArn: string }).LoadBalancerArn === tcpArn);
    const files = filesOf({ ...rest, LoadBalancerListeners: [{ LoadBalancerArn: tcpArn, Listeners: own }] });
    expect(traceOf(importedWorld(files), 'instance/i-2', '10.0.1.50:8080').verdict).toBe('reachable');
  });
});

describe('what is missing or strange', () => {
  test('a node whose interface no file describes gets an address of the model, and that is told', () => {
    const { NetworkInterfaces: _, ...rest } = account();
    expect(issuesOf(filesOf(rest)).join('\n')).toMatch(
      /aws\/not-described LoadBalancers\.json:\d+:\d+ LoadBalancers\[0\]\.AvailabilityZones\[0\]: no file describes the network interface of this node/,
    );
  });

  test('a target that no file describes is left out', () => {
    const { LoadBalancerTargetHealth: _, ...rest } = account();
    const health = [
      { TargetGroupArn: groupArn('shop'), TargetHealthDescriptions: [target('i-gone', 80, 'healthy')] },
    ];
    expect(issuesOf(filesOf({ ...rest, LoadBalancerTargetHealth: health })).join('\n')).toContain(
      'no file describes instance i-gone: the target is left out',
    );
  });

  test('a Gateway Load Balancer is left out by name', () => {
    const { LoadBalancers, ...rest } = account();
    const gateway = { ...(LoadBalancers![1] as object), Type: 'gateway' };
    const files = filesOf({ ...rest, LoadBalancers: [LoadBalancers![0], gateway] });
    expect(issuesOf(files).join('\n')).toContain('a load balancer of type gateway is not modelled');
    expect(importedTopology(files).vpcs[0]!.loadBalancers.map(({ name }) => name)).toEqual(['web']);
  });

  test('members of other types than AWS prints are no crash', () => {
    const { LoadBalancers, Listeners, TargetGroups, ...rest } = account();
    const broken = {
      ...rest,
      LoadBalancers: [{ ...(LoadBalancers![0] as object), AvailabilityZones: 'all', SecurityGroups: 7 }],
      Listeners: [{ ...(Listeners![0] as object), DefaultActions: [3, null] }],
      TargetGroups: [{ ...(TargetGroups![0] as object), LoadBalancerArns: webArn }],
    };
    expect(() => issuesOf(filesOf(broken))).not.toThrow();
  });
});

describe('a load balancer in a topology file', () => {
  const file = (balancer: string): string =>
    `${HEAD}vpcs: [{ name: v, cidrs: [10.0.0.0/16], subnets: [{ name: s, cidr: 10.0.1.0/24 }], loadBalancers: [${balancer}] }]\n`;
  const base = 'name: b, type: network, subnets: [{ subnet: s }]';

  test.each([
    [
      'an unknown target group',
      `${base}, listeners: [{ port: 80, protocol: TCP, defaultAction: { type: forward, targetGroups: [{ name: x }] } }]`,
      'topology/unknown-reference',
    ],
    [
      'a protocol of the other type',
      `${base}, listeners: [{ port: 80, protocol: HTTP, defaultAction: { type: fixed-response } }]`,
      'elb/protocol',
    ],
    [
      'an action without a target group',
      `${base}, listeners: [{ port: 80, protocol: TCP, defaultAction: { type: forward } }]`,
      'elb/no-target-group',
    ],
    [
      'a target that is two things',
      `${base}, targetGroups: [{ name: g, protocol: TCP, port: 80, targets: [{ instance: i, address: 10.0.1.9 }] }]`,
      'elb/target',
    ],
    [
      'an unknown instance',
      `${base}, targetGroups: [{ name: g, protocol: TCP, port: 80, targets: [{ instance: i }] }]`,
      'topology/unknown-reference',
    ],
    [
      'an address outside its subnet',
      'name: b, type: network, subnets: [{ subnet: s, address: 10.0.2.9 }]',
      'address/outside-subnet',
    ],
    ['an unknown subnet', 'name: b, type: network, subnets: [{ subnet: t }]', 'topology/unknown-reference'],
    [
      'two listeners of one port',
      `${base}, listeners: [{ port: 80, protocol: TCP, defaultAction: { type: forward, targetGroups: [{ name: g }] } }, { port: 80, protocol: TCP_UDP, defaultAction: { type: forward, targetGroups: [{ name: g }] } }], targetGroups: [{ name: g, protocol: TCP, port: 80 }]`,
      'topology/duplicate-name',
    ],
    [
      'a condition on no header',
      'name: b, type: application, subnets: [{ subnet: s }], listeners: [{ port: 80, protocol: HTTP, defaultAction: { type: fixed-response }, rules: [{ priority: 1, conditions: [{ field: http-header, values: [x] }], action: { type: fixed-response } }] }]',
      'elb/condition',
    ],
  ])('is refused with %s', (_title, balancer, code) => {
    expect(issues(file(`{ ${balancer} }`)).map((issue) => issue.code)).toContain(code);
  });

  test('sends to an Application Load Balancer behind a Network Load Balancer, and the client stays', () => {
    const world = worldOf({
      'vpcsim.yaml': `${HEAD}vpcs:
  - name: v
    cidrs: [10.0.0.0/16]
    subnets: [{ name: s, cidr: 10.0.1.0/24 }]
    # What comes through a Network Load Balancer without groups holds none: the rule has to name a block.
    securityGroups: [{ name: web, ingress: [{ protocol: tcp, ports: 80, from: 10.0.1.0/24 }] }]
    loadBalancers:
      - name: front
        type: network
        scheme: internal
        subnets: [{ subnet: s, address: 10.0.1.20 }]
        listeners: [{ port: 80, protocol: TCP, defaultAction: { type: forward, targetGroups: [{ name: g }] } }]
        targetGroups: [{ name: g, type: alb, protocol: TCP, port: 80, targets: [{ loadBalancer: web }] }]
      - name: web
        type: application
        scheme: internal
        securityGroups: [web, default]
        subnets: [{ subnet: s, address: 10.0.1.30 }]
        listeners: [{ port: 80, protocol: HTTP, defaultAction: { type: forward, targetGroups: [{ name: h }] } }]
        targetGroups: [{ name: h, protocol: HTTP, port: 8080, targets: [{ instance: i }] }]
instances: [{ name: i, subnet: s }, { name: client, subnet: s, address: 10.0.1.99 }]
`,
    });
    const trace = traceOf(world, 'instance/client', 'http://10.0.1.20/');
    expect(trace.verdict).toBe('reachable');
    const atBalancer = trace.paths[0]!.hops.find(({ device }) => device.kind === 'alb')!;
    expect(atBalancer.in.src).toBe('10.0.1.99');
    expect(trace.paths[0]!.hops.at(-1)!.device.id).toBe('i');
  });
});
