/** Transit gateways: by which zone a packet gets there, which table is asked, which route decides, and by which zone it
 *  enters the other VPC. */
import { describe, expect, test } from 'vitest';
import type { World } from '../../src/world/world.ts';
import { at, devices, onlyPath, step } from '../support/reading.ts';
import { traceOf, worldOf } from '../support/worlds.ts';

const plain = `
apiVersion: vpcsim/v1
kind: Topology
vpcs:
  - name: a
    cidrs: [10.1.0.0/16]
    subnets:
      - { name: a-1, cidr: 10.1.0.0/24, az: us-east-1a }
      - { name: a-2, cidr: 10.1.1.0/24, az: us-east-1b }
      - { name: a-tgw, cidr: 10.1.9.0/28, az: us-east-1a, networkAcl: tgw }
    routeTables: [{ name: main, routes: [{ to: 0.0.0.0/0, via: tgw }] }]
    networkAcls:
      - name: tgw
        ingress: [{ rule: 100, protocol: all, cidr: 0.0.0.0/0, action: allow }]
        egress: [{ rule: 100, protocol: all, cidr: 0.0.0.0/0, action: allow }]
  - name: b
    cidrs: [10.2.0.0/16]
    subnets:
      - { name: b-1, cidr: 10.2.0.0/24, az: us-east-1a }
      - { name: b-2, cidr: 10.2.1.0/24, az: us-east-1b }
      - { name: b-tgw-a, cidr: 10.2.9.0/28, az: us-east-1a }
      - { name: b-tgw-b, cidr: 10.2.9.16/28, az: us-east-1b }
    routeTables: [{ name: main, routes: [{ to: 0.0.0.0/0, via: tgw }] }]
    securityGroups: [{ name: open, ingress: [{ protocol: all, from: 0.0.0.0/0 }] }]
transitGateways:
  - name: tgw
    routeTables: [{ name: rt, routes: [] }]
    attachments:
      - { name: att-a, vpc: a, subnets: [a-tgw], association: rt, propagations: [rt] }
      - { name: att-b, vpc: b, subnets: [b-tgw-a, b-tgw-b], association: rt, propagations: [rt] }
instances:
  - { name: client, vpc: a, subnet: a-1, address: 10.1.0.10 }
  - { name: client-2, vpc: a, subnet: a-2, address: 10.1.1.10 }
  - { name: beside-the-foot, vpc: a, subnet: a-tgw, address: 10.1.9.10 }
  - { name: web, vpc: b, subnet: b-1, address: 10.2.0.10, securityGroups: [open] }
  - { name: web-2, vpc: b, subnet: b-2, address: 10.2.1.10, securityGroups: [open] }
`;
const worlds = new Map<string, World>();
/** The world with some texts replaced. */
type Change = readonly [from: string, to: string];
const with_ = (...changes: readonly Change[]): World => {
  const text = changes.reduce((before, [from, to]) => {
    expect(before).toContain(from);
    return before.replaceAll(from, to);
  }, plain);
  const known = worlds.get(text) ?? worldOf({ 'vpcsim.yaml': text });
  worlds.set(text, known);
  return known;
};

describe('from one VPC to another', () => {
  const path = onlyPath(traceOf(with_(), 'instance/client', 'instance/web:80'));

  test('a packet goes by the feet of both attachments, and back', () => {
    expect(devices(path.hops)).toEqual([
      'instance/client',
      'eni/client',
      'subnet/a-1',
      'vpc-router/a',
      'subnet/a-tgw',
      'tgw-attachment/att-a',
      'transit-gateway/tgw',
      'tgw-attachment/att-b',
      'subnet/b-tgw-a',
      'vpc-router/b',
      'subnet/b-1',
      'eni/web',
      'instance/web',
    ]);
    expect(devices(path.reply.hops)).toEqual([...devices(path.hops)].reverse());
    expect(path.reply.disposition).toBe('delivered');
  });

  test('the attachment asks the table it is associated with, where the other propagates its blocks', () => {
    expect(step(at(path.hops, 'tgw-attachment/att-a'), 'attachment').because).toBe(
      'associated with rtb/rt of transit-gateway/tgw',
    );
    expect(step(at(path.hops, 'transit-gateway/tgw'), 'transit gateway routes')).toMatchObject({
      rule: 'rtb/rt 10.2.0.0/16 -> att-b (propagated)',
      because: 'the only matching prefix',
    });
  });

  test('it enters the other VPC in the zone it comes from, and crosses zones there', () => {
    const far = traceOf(with_(), 'instance/client', 'instance/web-2:80');
    expect(devices(onlyPath(far).hops)).toContain('subnet/b-tgw-a');
    expect(far.remarks).toEqual([
      'crosses availability zones: us-east-1a (subnet/b-tgw-a) to us-east-1b (subnet/b-2)',
    ]);
  });
});

describe('zones', () => {
  test('a sender in a zone without a foot does not get there', () => {
    const trace = traceOf(with_(), 'instance/client-2', 'instance/web:80');
    expect(trace.blockers[0]).toMatchObject({
      code: 'tgw/no-attachment-in-zone',
      awsCode: 'TGW_ROUTE_AZ_RESTRICTION',
      device: 'vpc-router/a',
    });
  });

  test('a receiver in such a zone is reached all the same, and cannot answer', () => {
    const trace = traceOf(with_(), 'instance/web', 'instance/client-2:80', { oneWay: true });
    expect(trace.verdict).toBe('unreachable');
    const open = with_(
      ['address: 10.1.1.10 }', 'address: 10.1.1.10, securityGroups: [open] }'],
      [
        '    networkAcls:\n',
        '    securityGroups: [{ name: open, ingress: [{ protocol: all, from: 0.0.0.0/0 }] }]\n    networkAcls:\n',
      ],
    );
    expect(traceOf(open, 'instance/web', 'instance/client-2:80', { oneWay: true }).verdict).toBe('one-way');
    expect(traceOf(open, 'instance/web', 'instance/client-2:80').paths[0]!.reply).toMatchObject({
      disposition: 'dropped',
      code: 'tgw/no-attachment-in-zone',
    });
  });

  test('where the attachment of the receiver has no foot in the zone of the sender another one serves it', () => {
    const other = with_(['subnets: [b-tgw-a, b-tgw-b]', 'subnets: [b-tgw-b]']);
    const trace = traceOf(other, 'instance/client', 'instance/web:80', { oneWay: true });
    expect(devices(onlyPath(trace).hops)).toContain('subnet/b-tgw-b');
    expect(step(at(onlyPath(trace).hops, 'tgw-attachment/att-b'), 'attachment').because).toBe(
      'into us-east-1b: the attachment has no subnet in us-east-1a, the zone the packet comes from',
    );
  });

  test('in appliance mode a flow keeps one zone in both directions, which a hash picks', () => {
    const appliance = with_([
      'subnets: [b-tgw-a, b-tgw-b]',
      'subnets: [b-tgw-a, b-tgw-b], applianceMode: true',
    ]);
    const trace = traceOf(appliance, 'instance/client', 'instance/web:80');
    expect(
      trace.paths.map(({ share, hops }) => [
        share,
        devices(hops).find((name) => name.startsWith('subnet/b-tgw')),
      ]),
    ).toEqual([
      [0.5, 'subnet/b-tgw-a'],
      [0.5, 'subnet/b-tgw-b'],
    ]);
    expect(trace.paths[1]!.choices[0]!.why).toBe(
      'appliance mode: a hash of the flow picks us-east-1b, 1 of 2 zones',
    );
  });
});

describe('network ACLs of the subnet with the foot', () => {
  const noEgress = with_([
    'egress: [{ rule: 100, protocol: all, cidr: 0.0.0.0/0, action: allow }]',
    'egress: []',
  ]);
  const noIngress = with_([
    'ingress: [{ rule: 100, protocol: all, cidr: 0.0.0.0/0, action: allow }]',
    'ingress: []',
  ]);
  const asked = (world: World, from: string, to: string): string[] =>
    traceOf(world, from, to).blockers.map(({ code, device, direction }) => `${code} ${device} ${direction}`);

  test('on the way to the gateway they are asked inbound only', () => {
    expect(asked(noIngress, 'instance/client', 'instance/web:80')).toEqual([
      'nacl/denied-in subnet/a-tgw forward',
    ]);
  });

  test('on the way from the gateway outbound only', () => {
    expect(asked(noEgress, 'instance/client', 'instance/web:80')).toEqual([
      'nacl/denied-out subnet/a-tgw reply',
    ]);
  });

  test('an instance in that subnet: out and in on the way there, nothing on the way back', () => {
    expect(asked(noEgress, 'instance/beside-the-foot', 'instance/web:80')).toEqual([
      'nacl/denied-out subnet/a-tgw forward',
    ]);
    expect(asked(noIngress, 'instance/beside-the-foot', 'instance/web:80')).toEqual([
      'nacl/denied-in subnet/a-tgw forward',
    ]);
  });
});

describe('large packets', () => {
  const large = { size: 9001, df: true, protocol: 'udp' };

  test('over 8500 bytes are dropped, and a sender in a VPC is told', () => {
    const trace = traceOf(with_(), 'instance/client', 'instance/web:53', large);
    expect(trace.blockers[0]).toMatchObject({ code: 'mtu/too-big', device: 'tgw-attachment/att-a' });
    expect(devices(trace.paths[0]!.reply.hops).slice(0, 2)).toEqual(['subnet/a-tgw', 'vpc-router/a']);
  });

  test('TCP learns of it in the handshake: segments shrink', () => {
    const trace = traceOf(with_(), 'instance/client', 'instance/web:80', { size: 9001 });
    expect(trace.verdict).toBe('reachable');
    expect(step(trace.paths[0]!.hops[0]!, 'MTU').because).toContain('8500 bytes');
  });
});

describe('route tables', () => {
  const dropped = (...changes: readonly Change[]) => {
    const { verdict, blockers } = traceOf(with_(...changes), 'instance/client', 'instance/web:80');
    expect(verdict).not.toBe('reachable');
    return blockers[0]!;
  };

  test('no association: what arrives is dropped', () => {
    expect(dropped(['subnets: [a-tgw], association: rt', 'subnets: [a-tgw]'])).toMatchObject({
      code: 'tgw/no-association',
      awsCode: 'TGW_ATTACH_MISSING_TGW_RTB_ASSOCIATION',
      fix: 'associate tgw-attachment/att-a with rtb/rt',
    });
  });

  test('no propagation and no static route', () => {
    expect(
      dropped(['b-tgw-b], association: rt, propagations: [rt]', 'b-tgw-b], association: rt']),
    ).toMatchObject({
      code: 'tgw/no-route',
      awsCode: 'TGW_RTB_NO_ROUTE_TO_TGW_ATTACHMENT',
      because: 'no route of rtb/rt contains 10.2.0.10, which is behind tgw-attachment/att-b',
      fix: 'add to rtb/rt: 10.2.0.0/16 -> att-b, or let att-b propagate to it',
    });
  });

  test('a route to the right attachment that misses the address', () => {
    expect(
      dropped(
        ['b-tgw-b], association: rt, propagations: [rt]', 'b-tgw-b], association: rt'],
        ['routes: [] }', 'routes: [{ to: 10.2.1.0/24, via: att-b }] }'],
      ),
    ).toMatchObject({
      code: 'tgw/no-route',
      awsCode: 'TGW_RTB_CANNOT_ROUTE',
      nearest: '10.2.1.0/24 -> att-b',
    });
  });

  test('a static blackhole goes before the propagated route to the same block', () => {
    expect(dropped(['routes: [] }', 'routes: [{ to: 10.2.0.0/16, via: blackhole }] }'])).toMatchObject({
      code: 'tgw/blackhole',
      awsCode: 'TGW_RTB_HIGHER_PRIORITY_ROUTE',
      nearest: '10.2.0.0/16 -> att-b (propagated): comes after it',
    });
  });

  test('a more specific blackhole hides it', () => {
    expect(dropped(['routes: [] }', 'routes: [{ to: 10.2.0.0/24, via: blackhole }] }'])).toMatchObject({
      awsCode: 'TGW_RTB_MORE_SPECIFIC_ROUTE',
      nearest: '10.2.0.0/16 -> att-b (propagated): less specific',
    });
  });

  test('a blackhole without an alternative', () => {
    expect(
      dropped(
        ['b-tgw-b], association: rt, propagations: [rt]', 'b-tgw-b], association: rt'],
        ['routes: [] }', 'routes: [{ to: 10.2.0.0/16, via: blackhole }] }'],
      ),
    ).toMatchObject({ awsCode: 'TGW_RTB_BAD_STATE_ROUTE' });
  });

  test('a static route to one attachment goes before what another propagates, and its VPC drops the packet', () => {
    const { blockers, paths } = traceOf(
      with_(['routes: [] }', 'routes: [{ to: 10.2.0.0/16, via: att-a }] }']),
      'instance/client',
      'instance/web:80',
    );
    expect(step(at(paths[0]!.hops, 'transit-gateway/tgw'), 'transit gateway routes').because).toBe(
      'the only matching prefix; a static route goes before what a VPC attachment propagates (10.2.0.0/16 -> att-b (propagated))',
    );
    expect(blockers[0]).toMatchObject({ code: 'walk/loop' });
  });

  test('routes that nobody could read: not known, never reachable', () => {
    const trace = traceOf(with_(['routes: [] }', 'routes: unknown }']), 'instance/client', 'instance/web:80');
    expect(trace.verdict).toBe('undetermined');
    expect(trace.blockers[0]).toMatchObject({
      code: 'tgw/routes-unknown',
      awsCode: 'TGW_RTB_ROUTES_ARE_UNKNOWN',
    });
  });
});

describe('states', () => {
  test.each([
    [
      'the gateway',
      ['transitGateways:\n  - name: tgw\n', 'transitGateways:\n  - name: tgw\n    state: modifying\n'],
      'tgw/not-available',
      'BAD_STATE',
    ],
    [
      'an attachment',
      ['- { name: att-b, vpc', '- { name: att-b, state: pendingAcceptance, vpc'],
      'tgw/attachment-not-available',
      'BAD_STATE_ATTACHMENT',
    ],
  ] as const)('%s that is not available carries nothing', (_, change, code, awsCode) => {
    const { verdict, blockers } = traceOf(with_(change), 'instance/client', 'instance/web:80');
    expect(verdict).toBe('unreachable');
    expect(blockers[0]).toMatchObject({ code, awsCode });
  });
});

describe('two transit gateways that are peered', () => {
  const peered = (association: string) => `
apiVersion: vpcsim/v1
kind: Topology
vpcs:
  - name: a
    cidrs: [10.1.0.0/16]
    subnets: [{ name: a-1, cidr: 10.1.0.0/24, az: us-east-1a }]
    routeTables: [{ name: main, routes: [{ to: 10.0.0.0/8, via: tgw-us }] }]
  - name: b
    cidrs: [10.2.0.0/16]
    subnets: [{ name: b-1, cidr: 10.2.0.0/24, az: eu-west-1a }]
    routeTables: [{ name: main, routes: [{ to: 10.0.0.0/8, via: tgw-eu }] }]
    securityGroups: [{ name: open, ingress: [{ protocol: all, from: 10.0.0.0/8 }] }]
transitGateways:
  - name: tgw-us
    routeTables: [{ name: us, routes: [{ to: 10.2.0.0/16, via: to-eu }, { to: 10.3.0.0/16, via: to-others }] }]
    attachments:
      - { name: att-a, vpc: a, subnets: [a-1], association: us, propagations: [us] }
      - { name: to-eu, transitGateway: tgw-eu, association: us }
      - { name: to-others, transitGateway: {}, association: us }
  - name: tgw-eu
    routeTables: [{ name: eu, routes: [{ to: 10.1.0.0/16, via: to-us }] }]
    attachments:
      - { name: att-b, vpc: b, subnets: [b-1], association: eu, propagations: [eu] }
      - { name: to-us, transitGateway: tgw-us${association} }
instances:
  - { name: client, vpc: a, subnet: a-1, address: 10.1.0.10 }
  - { name: web, vpc: b, subnet: b-1, address: 10.2.0.10, securityGroups: [open] }
`;
  const world = worldOf({ 'vpcsim.yaml': peered(', association: eu') });

  test('carry packets by static routes, and it is told which Regions they cross', () => {
    const trace = traceOf(world, 'instance/client', 'instance/web:80');
    expect(trace.verdict).toBe('reachable');
    expect(devices(trace.paths[0]!.hops).slice(5, 11)).toEqual([
      'tgw-attachment/att-a',
      'transit-gateway/tgw-us',
      'tgw-attachment/to-eu',
      'tgw-attachment/to-us',
      'transit-gateway/tgw-eu',
      'tgw-attachment/att-b',
    ]);
    expect(trace.remarks).toEqual([
      'crosses Regions: us-east-1 (transit-gateway/tgw-us) to eu-west-1 (transit-gateway/tgw-eu)',
    ]);
  });

  test('need an association at the far side too', () => {
    const { blockers } = traceOf(
      worldOf({ 'vpcsim.yaml': peered('') }),
      'instance/client',
      'instance/web:80',
    );
    expect(blockers[0]).toMatchObject({ code: 'tgw/no-association', device: 'tgw-attachment/to-us' });
  });

  test('what goes to a gateway that is not in the topology is not known', () => {
    const trace = traceOf(world, 'instance/client', '10.3.0.1:80');
    expect(trace.verdict).toBe('undetermined');
    expect(trace.blockers[0]).toMatchObject({ code: 'tgw/peer-unknown', awsCode: 'UNKNOWN_DESTINATION' });
  });
});

test('two VPN attachments with the same block share the traffic', () => {
  const world = with_(
    ['routes: [{ to: 0.0.0.0/0, via: tgw }]', 'routes: [{ to: 0.0.0.0/0, via: tgw }]'],
    [
      'instances:\n',
      'onPremises: [{ name: dc, cidrs: [192.168.0.0/16] }]\nconnections: [{ name: v1, gateway: tgw, network: dc }, { name: v2, gateway: tgw, network: dc }]\ninstances:\n',
    ],
    [
      '    attachments:\n',
      '    attachments:\n      - { name: att-v1, connection: v1, association: rt, propagations: [rt] }\n      - { name: att-v2, connection: v2, association: rt, propagations: [rt] }\n',
    ],
  );
  const trace = traceOf(world, 'instance/client', '192.168.0.1:22');
  expect(trace.verdict).toBe('reachable');
  expect(trace.paths.map(({ share, hops }) => [share, devices(hops)[8]])).toEqual([
    [0.5, 'vpn-connection/v1'],
    [0.5, 'vpn-connection/v2'],
  ]);
});
