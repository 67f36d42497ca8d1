/** Networks outside AWS: behind a virtual private gateway or a transit gateway, over VPN or Direct Connect. */
import { describe, expect, test } from 'vitest';
import { at, devices, onlyPath, step } from '../support/reading.ts';
import { loadWorld, traceOf, worldOf } from '../support/worlds.ts';

const plain = `
apiVersion: vpcsim/v1
kind: Topology
vpcs:
  - name: a
    cidrs: [10.1.0.0/16]
    internetGateway: {}
    vpnGateway: { name: vgw }
    subnets: [{ name: a-1, cidr: 10.1.0.0/24, az: us-east-1a }]
    routeTables: [{ name: main, propagatingGateways: [vgw], routes: [{ to: 10.2.0.0/16, via: pcx }, { to: 172.16.0.0/12, via: vgw }] }]
    securityGroups: [{ name: open, ingress: [{ protocol: all, from: 0.0.0.0/0 }] }]
  - name: b
    cidrs: [10.2.0.0/16]
    subnets: [{ name: b-1, cidr: 10.2.0.0/24, az: us-east-1a }]
    routeTables: [{ name: main, routes: [{ to: 10.1.0.0/16, via: pcx }, { to: 192.168.0.0/16, via: pcx }] }]
    securityGroups: [{ name: open, ingress: [{ protocol: all, from: 0.0.0.0/0 }] }]
peerings: [{ name: pcx, requester: a, accepter: b }]
connections: [{ name: vpn, gateway: vgw, network: dc }]
onPremises:
  - name: dc
    cidrs: [192.168.0.0/16]
    hosts: [{ name: mainframe, address: 192.168.1.10, listen: [tcp/443] }]
instances:
  - { name: app, vpc: a, subnet: a-1, address: 10.1.0.10, securityGroups: [open] }
  - { name: middlebox, vpc: a, subnet: a-1, address: 10.1.0.20, securityGroups: [open], sourceDestCheck: false, forwarding: true }
  - { name: far, vpc: b, subnet: b-1, address: 10.2.0.10, securityGroups: [open] }
`;
const with_ = (...changes: readonly (readonly [string, string])[]) =>
  worldOf({
    'vpcsim.yaml': changes.reduce((text, [from, to]) => {
      expect(text).toContain(from);
      return text.replace(from, to);
    }, plain),
  });
const world = with_();

describe('a VPC and a network behind its virtual private gateway', () => {
  const there = onlyPath(traceOf(world, 'instance/app', 'host/mainframe:443'));

  test('the propagated route leads to the gateway, its connection to the network', () => {
    expect(devices(there.hops)).toEqual([
      'instance/app',
      'eni/app',
      'subnet/a-1',
      'vpc-router/a',
      'vpn-gateway/vgw',
      'vpn-connection/vpn',
      'on-premises/dc',
      'host/mainframe',
    ]);
    expect(step(at(there.hops, 'vpc-router/a'), 'route table').rule).toBe(
      'rtb/main 192.168.0.0/16 -> vgw (propagated)',
    );
    expect(devices(there.reply.hops)).toEqual([...devices(there.hops)].reverse());
  });

  test('the network knows the blocks that AWS advertises, and reaches instances by private address', () => {
    const trace = traceOf(world, 'host/mainframe', 'instance/app:80');
    expect(trace.verdict).toBe('reachable');
    expect(step(at(onlyPath(trace).hops, 'on-premises/dc'), 'on-premises routes')).toMatchObject({
      rule: '10.1.0.0/16 -> vpn',
      because: 'AWS advertises the block over this connection',
    });
  });

  test('a machine of the network that has no name sends and takes packets by its address', () => {
    expect(traceOf(world, '192.168.7.7', 'instance/app:80').verdict).toBe('reachable');
    const trace = traceOf(world, 'instance/app', '192.168.7.7:22');
    expect(trace.verdict).toBe('reachable');
    expect(trace.paths[0]).toMatchObject({ disposition: 'exited', device: 'on-premises/dc' });
  });
});

describe('a virtual private gateway serves interfaces of its VPC alone', () => {
  test('a peer of the VPC cannot be reached through it', () => {
    const { blockers } = traceOf(
      with_([
        '    cidrs: [192.168.0.0/16]\n',
        '    cidrs: [192.168.0.0/16]\n    routes: [{ to: 10.0.0.0/8, via: vpn }]\n',
      ]),
      'host/mainframe',
      'instance/far:80',
    );
    expect(blockers[0]).toMatchObject({
      code: 'vgw/destination-not-in-vpc',
      awsCode: 'VGW_PRIVATE_IP_ASSOCIATION_FOR_INGRESS',
      device: 'vpn-gateway/vgw',
    });
  });

  test('what a router in the VPC forwards for others does not leave by it', () => {
    const { blockers } = traceOf(world, 'instance/middlebox', 'host/mainframe:443', {
      sourceIp: '10.9.9.9',
      oneWay: true,
    });
    expect(blockers[0]).toMatchObject({
      code: 'vgw/source-not-in-vpc',
      awsCode: 'VGW_PRIVATE_IP_ASSOCIATION_FOR_EGRESS',
    });
  });

  test('without a connection to the destination it has nowhere to send to', () => {
    expect(traceOf(world, 'instance/app', '172.16.0.1:80').blockers[0]).toMatchObject({
      code: 'vgw/no-connection',
      awsCode: 'NO_POSSIBLE_DESTINATION',
    });
  });

  test('detached it carries nothing', () => {
    const detached = with_(['vpnGateway: { name: vgw }', 'vpnGateway: { name: vgw, state: detached }']);
    expect(traceOf(detached, 'instance/app', 'host/mainframe:443').blockers[0]).toMatchObject({
      code: 'vgw/not-attached',
      awsCode: 'BAD_STATE_ATTACHMENT',
    });
  });

  test('from one connection to another is not modelled, and said so', () => {
    const hub = with_(
      ['network: dc }]', 'network: dc }, { name: vpn-2, gateway: vgw, network: branch }]'],
      ['onPremises:\n', 'onPremises:\n  - { name: branch, cidrs: [172.20.0.0/16] }\n'],
      [
        '    cidrs: [192.168.0.0/16]\n',
        '    cidrs: [192.168.0.0/16]\n    routes: [{ to: 172.20.0.0/16, via: vpn }]\n',
      ],
    );
    const trace = traceOf(hub, 'host/mainframe', '172.20.0.1:80');
    expect(trace.verdict).toBe('undetermined');
    expect(trace.notModelled).toEqual([
      'from one connection of vpn-gateway/vgw to another (AWS VPN CloudHub) is not modelled',
    ]);
  });
});

describe('connections that are down', () => {
  test('over BGP the propagated route is gone', () => {
    const down = with_(['network: dc }]', 'network: dc, state: down }]']);
    expect(traceOf(down, 'instance/app', 'host/mainframe:443').blockers[0]).toMatchObject({
      code: 'rt/no-route',
      device: 'vpc-router/a',
    });
  });

  test('a static route of the VPC leads to the connection that is down', () => {
    const down = with_(
      ['network: dc }]', 'network: dc, state: down }]'],
      ['{ to: 172.16.0.0/12, via: vgw }', '{ to: 192.168.0.0/16, via: vgw }'],
    );
    expect(traceOf(down, 'instance/app', 'host/mainframe:443').blockers[0]).toMatchObject({
      code: 'connection/down',
      awsCode: 'BAD_STATE_VPN',
      device: 'vpn-connection/vpn',
    });
  });

  test('behind a transit gateway AWS has another word for it', () => {
    const text = `
apiVersion: vpcsim/v1
kind: Topology
vpcs:
  - name: a
    cidrs: [10.1.0.0/16]
    subnets: [{ name: a-1, cidr: 10.1.0.0/24 }]
    routeTables: [{ name: main, routes: [{ to: 0.0.0.0/0, via: tgw }] }]
transitGateways:
  - name: tgw
    routeTables: [{ name: rt, routes: [{ to: 192.168.0.0/16, via: att-dc }] }]
    attachments:
      - { name: att-a, vpc: a, subnets: [a-1], association: rt, propagations: [rt] }
      - { name: att-dc, connection: vpn, association: rt }
connections: [{ name: vpn, gateway: tgw, network: dc, state: down }]
onPremises: [{ name: dc, cidrs: [192.168.0.0/16] }]
instances: [{ name: app, vpc: a, subnet: a-1 }]
`;
    expect(
      traceOf(worldOf({ 'vpcsim.yaml': text }), 'instance/app', '192.168.0.1:22').blockers[0],
    ).toMatchObject({
      code: 'connection/down',
      awsCode: 'TGW_BAD_STATE_VPN',
    });
  });
});

describe('Direct Connect with a VPN connection as its backup', () => {
  test('carries both directions while it is up', () => {
    const path = onlyPath(traceOf(loadWorld('branch'), 'instance/app', 'host/printer:631'));
    expect(devices(path.hops)).toContain('direct-connect/dx');
    expect(devices(path.reply.hops)).toContain('direct-connect/dx');
  });

  test('the VPN connection takes over in both directions', () => {
    const path = onlyPath(
      traceOf(loadWorld('branch', 'direct-connect-down'), 'instance/app', 'host/printer:631'),
    );
    expect(devices(path.hops)).toContain('vpn-connection/backup');
    expect(devices(path.reply.hops)).toContain('vpn-connection/backup');
  });
});

describe('a gateway route table of a virtual private gateway', () => {
  const inspected = with_(
    [
      'subnets: [{ name: a-1, cidr: 10.1.0.0/24, az: us-east-1a }]',
      'subnets: [{ name: a-1, cidr: 10.1.0.0/24, az: us-east-1a }, { name: box, cidr: 10.1.1.0/24, az: us-east-1a, routeTable: out }]',
    ],
    [
      '{ to: 172.16.0.0/12, via: vgw }] }]',
      '{ to: 192.168.0.0/16, via: middlebox }] }, { name: out, propagatingGateways: [vgw] }, { name: in, edge: [vgw], routes: [{ to: 10.1.0.0/24, via: middlebox }] }]',
    ],
    [
      'name: middlebox, vpc: a, subnet: a-1, address: 10.1.0.20',
      'name: middlebox, vpc: a, subnet: box, address: 10.1.1.20',
    ],
  );
  const path = onlyPath(traceOf(inspected, 'host/mainframe', 'instance/app:80'));

  test('leads what comes in to a middlebox', () => {
    expect(step(at(path.hops, 'vpc-router/a'), 'route table').rule).toBe('rtb/in 10.1.0.0/24 -> middlebox');
    expect(devices(path.hops)).toContain('instance/middlebox');
  });

  test('and the reply passes it too, by the route of the subnet', () => {
    expect(path.reply.disposition).toBe('delivered');
    expect(devices(path.reply.hops)).toContain('instance/middlebox');
  });
});

describe('a VPN tunnel', () => {
  test('takes 1446 bytes, and nobody is told of more', () => {
    const trace = traceOf(world, 'host/mainframe', 'instance/app:53', {
      size: 1500,
      df: true,
      protocol: 'udp',
    });
    expect(trace.blockers[0]).toMatchObject({ code: 'mtu/too-big', device: 'vpn-connection/vpn' });
    expect(trace.symptom.kind).toBe('timeout');
  });

  test('handshakes are clamped, so that TCP keeps below it', () => {
    expect(traceOf(world, 'host/mainframe', 'instance/app:80', { size: 1500 }).verdict).toBe('reachable');
  });
});

describe('routes of the network', () => {
  const routed = (routes: string) =>
    with_(['    cidrs: [192.168.0.0/16]\n', `    cidrs: [192.168.0.0/16]\n    routes: ${routes}\n`]);

  test('where it has none back, the reply is lost there', () => {
    const trace = traceOf(routed('[]'), 'instance/app', 'host/mainframe:443');
    expect(trace.paths[0]!.reply).toMatchObject({
      disposition: 'dropped',
      code: 'on-premises/no-route',
      device: 'on-premises/dc',
    });
  });

  test('a blackhole of its own drops', () => {
    const trace = traceOf(
      routed('[{ to: 10.0.0.0/8, via: vpn }, { to: 10.1.0.0/24, via: blackhole }]'),
      'host/mainframe',
      'instance/app:80',
    );
    expect(trace.blockers[0]).toMatchObject({
      code: 'on-premises/no-route',
      rule: '10.1.0.0/24 -> blackhole',
      nearest: '10.0.0.0/8 -> vpn',
    });
  });

  test('its own way to the internet is not modelled', () => {
    const trace = traceOf(world, 'host/mainframe', '1.1.1.1:443');
    expect(trace.verdict).toBe('undetermined');
    expect(trace.notModelled).toEqual([
      'on-premises/dc sends to 1.1.1.1 by its own way to the internet, which is not modelled',
    ]);
  });

  test('nor what it does with packets from AWS that go further', () => {
    const further = with_(
      ['{ to: 172.16.0.0/12, via: vgw }', '{ to: 172.16.0.0/12, via: vgw }'],
      ['gateway: vgw, network: dc }]', 'gateway: vgw, network: dc, staticRoutes: [172.16.0.0/12] }]'],
    );
    const trace = traceOf(further, 'instance/app', '172.16.0.1:80');
    expect(trace.verdict).toBe('undetermined');
    expect(trace.notModelled).toEqual([
      'what on-premises/dc does with a packet to 172.16.0.1 that came from AWS is not modelled',
    ]);
  });
});
