/** A small VPC wired by hand for tests: what the world builds out of a topology, with a plain end host in place of
 *  Linux. Addresses are text; everything is named. */
import { addressAt, type Cidr, cidr } from '../../src/addressing/cidr.ts';
import { ipv4 } from '../../src/addressing/ip.ts';
import { type Behaviour, behaviour, type DeviceRecord, type Network } from '../../src/trace/device.ts';
import { deliverTo, type ListeningPort } from '../../src/trace/listening.ts';
import { LOCAL } from '../../src/trace/outcome.ts';
import { alb } from '../../src/vpc/alb.ts';
import { eksApiEndpoint } from '../../src/vpc/eks-api-endpoint.ts';
import { apiServerListening, eksControlPlane } from '../../src/vpc/eks-control-plane.ts';
import { eni } from '../../src/vpc/eni.ts';
import { internet } from '../../src/vpc/internet.ts';
import { internetGateway } from '../../src/vpc/internet-gateway.ts';
import { type AlbInput, compileAlb, compileNlb, type NlbInput } from '../../src/vpc/load-balancer.ts';
import { natGateway } from '../../src/vpc/nat-gateway.ts';
import { compileAcl, type NetworkAclInput } from '../../src/vpc/network-acl.ts';
import { nlb } from '../../src/vpc/nlb.ts';
import { outsideHost } from '../../src/vpc/outside-host.ts';
import type { BehindInterface } from '../../src/vpc/own-interface.ts';
import { send } from '../../src/vpc/own-interface.ts';
import {
  ENI_FROM_HOST,
  INTERNET_FROM_OUTSIDE,
  NO_TABLE,
  SUBNET_FROM_ATTACHMENT,
} from '../../src/vpc/ports.ts';
import { compileRouteTable, type RouteTarget } from '../../src/vpc/route-table.ts';
import { compileSecurityGroup, type SecurityGroupInput } from '../../src/vpc/security-group.ts';
import { subnet } from '../../src/vpc/subnet.ts';
import { vpcRouter } from '../../src/vpc/vpc-router.ts';
import { acl, group, origin } from './rules.ts';

interface Attached {
  readonly subnet: string;
  readonly address: string;
  readonly public?: string;
}

export interface Plan {
  readonly cidrs?: readonly string[];
  readonly subnets: Readonly<
    Record<string, { cidr: string; az?: string; table?: string; acl?: NetworkAclInput }>
  >;
  /** `0.0.0.0/0 -> igw`, `10.9.0.0/16 -> pcx propagated`, `10.9.0.0/16 -> pcx pl/corp`; local routes are added. */
  readonly tables?: Readonly<Record<string, readonly string[]>>;
  readonly edgeTable?: string;
  readonly groups?: readonly SecurityGroupInput[];
  readonly hosts?: Readonly<
    Record<
      string,
      Attached & {
        groups?: readonly string[];
        sourceDestCheck?: boolean;
        forwards?: boolean;
        secondary?: readonly string[];
        /** Sends everything to the router, as pods on a secondary interface do. */
        noConnectedRoute?: boolean;
        listening?: readonly ListeningPort[];
      }
    >
  >;
  readonly nats?: Readonly<Record<string, Attached & { state?: string; secondary?: readonly string[] }>>;
  /** Something beyond the VPC, which it reaches through a foot in each of these subnets, as a transit gateway. */
  readonly attachments?: Readonly<Record<string, { readonly subnets: readonly string[] }>>;
  readonly controlPlanes?: Readonly<Record<string, Attached & { groups: readonly string[] }>>;
  readonly albs?: Readonly<Record<string, Attached & { groups: readonly string[]; balancer: AlbInput }>>;
  readonly nlbs?: Readonly<Record<string, Attached & { groups?: readonly string[]; balancer: NlbInput }>>;
  /** Public addresses that lead to the VPC and belong to none of its interfaces. */
  readonly unassociated?: readonly string[];
  readonly outside?: Readonly<Record<string, string>>;
  readonly apiEndpoint?: { readonly address: string; readonly publicCidrs: readonly string[] };
}

interface EndHost extends BehindInterface {
  readonly listening: readonly ListeningPort[];
  readonly forwards: boolean;
  readonly owned: readonly number[];
  readonly noConnectedRoute: boolean;
}

/** An end host: sends by its one interface, takes what is its own, and forwards if it is told to. */
const endHost = behaviour<EndHost>({
  kind: 'instance',
  label: 'instance',
  icon: 'instance',
  notModelled: [],
  receive(self, packet, walk) {
    if (walk.port !== LOCAL && self.owned.includes(packet.dst))
      return deliverTo(walk, packet, self.listening);
    if (walk.port !== LOCAL) {
      if (!self.forwards) return deliverTo(walk, packet, self.listening);
      walk.decrementTtl();
    }
    if (!self.noConnectedRoute) return send(self, walk, packet.dst);
    walk.setNextHop(self.gateway);
    return walk.forward(self.eni, ENI_FROM_HOST);
  },
});

interface Attachment extends DeviceRecord {
  /** Index of the foot through which it answers. */
  readonly foot: number;
}

/** Whoever is beyond it answers. */
const attachment = behaviour<Attachment>({
  kind: 'attachment',
  label: 'attachment',
  icon: 'router',
  notModelled: [],
  receive: (self, _packet, walk) =>
    walk.port === LOCAL ? walk.forward(self.foot, SUBNET_FROM_ATTACHMENT) : walk.exit(),
});

const receivers = {
  alb,
  attachment,
  eni,
  internet,
  nlb,
  subnet,
  host: outsideHost,
  instance: endHost,
  'eks-api-endpoint': eksApiEndpoint,
  'eks-control-plane': eksControlPlane,
  'internet-gateway': internetGateway,
  'nat-gateway': natGateway,
  'vpc-router': vpcRouter,
} as const;

export const allowAll = group('open', ['all from 0.0.0.0/0']);

/** Wires the plan; `indexOf` finds devices by `kind/id`. */
export function wire(plan: Plan): Network & { readonly indexOf: (name: string) => number } {
  const attached = {
    instance: plan.hosts ?? {},
    'nat-gateway': plan.nats ?? {},
    'eks-control-plane': plan.controlPlanes ?? {},
    alb: plan.albs ?? {},
    nlb: plan.nlbs ?? {},
  };
  const names = [
    'internet/internet',
    'internet-gateway/igw',
    'vpc-router/main',
    ...Object.keys(plan.subnets).map((name) => `subnet/${name}`),
    ...Object.entries(attached).flatMap(([kind, all]) =>
      Object.keys(all).flatMap((name) => [`${kind}/${name}`, `eni/${name}`]),
    ),
    ...Object.keys(plan.outside ?? {}).map((name) => `host/${name}`),
    ...Object.keys(plan.attachments ?? {}).map((name) => `attachment/${name}`),
    ...(plan.apiEndpoint ? ['eks-api-endpoint/api'] : []),
  ];
  const indexOf = (name: string): number => {
    const index = names.indexOf(name);
    if (index < 0) throw new Error(`no ${name}`);
    return index;
  };
  const devices: DeviceRecord[] = [];
  const add = (name: string, az: string | undefined, fields: object): void => {
    const index = indexOf(name);
    const [kind, id] = name.split('/') as [string, string];
    devices[index] = { index, kind, id, name: id, az, origin, ...fields };
  };

  const cidrs = (plan.cidrs ?? ['10.0.0.0/16']).map(cidr);
  const everyone = Object.entries(attached).flatMap(([kind, all]) =>
    Object.entries(all).map(([name, spec]) => ({ kind, name, spec: spec as Spec })),
  );
  const own = new Map<number, number>();
  const world = new Map<number, number>();
  const members = new Map<string, Set<number>>();
  const publicOf = new Map<number, number>();
  const groups = [allowAll, ...(plan.groups ?? [])];
  for (const { name } of groups) members.set(name, new Set());
  for (const { name, spec } of everyone)
    for (const address of [spec.address, ...(spec.secondary ?? [])].map(ipv4)) {
      own.set(address, indexOf(`eni/${name}`));
      for (const held of spec.groups ?? []) members.get(held)!.add(address);
    }
  const compiled = new Map(
    groups.map((input) => [
      input.name,
      compileSecurityGroup(input, (peer) =>
        'group' in peer && members.has(peer.group) ? { addresses: members.get(peer.group)! } : undefined,
      ),
    ]),
  );

  for (const { kind, name, spec } of everyone) {
    const { cidr: block, az } = plan.subnets[spec.subnet]!;
    const address = ipv4(spec.address);
    const none = kind === 'nat-gateway' || (kind === 'nlb' && !spec.groups);
    add(`eni/${name}`, az, {
      segment: 1,
      subnet: indexOf(`subnet/${spec.subnet}`),
      host: indexOf(`${kind}/${name}`),
      hostPort: 0,
      sourceDestCheck: spec.sourceDestCheck ?? (kind !== 'nat-gateway' && kind !== 'nlb'),
      securityGroups: none ? null : (spec.groups ?? ['open']).map((held) => compiled.get(held)!),
      address,
      publicAddress: spec.public && ipv4(spec.public),
      middlebox: spec.forwards ?? false,
    });
    add(`${kind}/${name}`, az, {
      eni: indexOf(`eni/${name}`),
      gateway: addressAt(cidr(block), 1),
      address,
      owned: [spec.address, ...(spec.secondary ?? [])].map(ipv4),
      forwards: spec.forwards ?? false,
      noConnectedRoute: spec.noConnectedRoute ?? false,
      listening: kind === 'eks-control-plane' ? apiServerListening : (spec.listening ?? []),
      addresses: [spec.address, ...(spec.secondary ?? [])].map(ipv4),
      segment: 1,
      router: indexOf('vpc-router/main'),
      state: spec.state,
      zones: undefined,
      target: indexOf(`eni/${name}`),
      pods: new Map(),
      cidrs,
      balancer:
        spec.balancer &&
        (kind === 'alb' ? compileAlb(spec.balancer as AlbInput) : compileNlb(spec.balancer as NlbInput)),
    });
    if (spec.public) {
      publicOf.set(address, ipv4(spec.public));
      world.set(ipv4(spec.public), indexOf('internet-gateway/igw'));
    }
  }

  const targetOf = (via: string): RouteTarget => {
    if (via === 'local' || via === 'blackhole') return { kind: via };
    if (via === 'igw') return { kind: 'gateway', device: indexOf('internet-gateway/igw') };
    const attached = plan.attachments?.[via];
    if (attached)
      return {
        kind: 'zonal',
        device: indexOf(`attachment/${via}`),
        subnets: new Map(
          attached.subnets.map((name) => [plan.subnets[name]!.az!, indexOf(`subnet/${name}`)]),
        ),
      };
    // An interface whose address was released since: "gone:10.0.2.77" is in subnet b of every test.
    if (via.startsWith('gone:'))
      return { kind: 'eni', device: 0, address: ipv4(via.slice(5)), subnet: indexOf('subnet/b') };
    const found = everyone.find(({ name }) => name === via);
    if (!found) return { kind: 'not-modelled', what: via };
    return {
      kind: 'eni',
      device: indexOf(`eni/${via}`),
      address: ipv4(found.spec.address),
      subnet: indexOf(`subnet/${found.spec.subnet}`),
    };
  };
  const tables = { main: [], ...plan.tables };
  const tableNames = Object.keys(tables);
  add('vpc-router/main', undefined, {
    segment: 1,
    cidrs,
    tables: Object.entries(tables).map(([name, routes]: [string, readonly string[]]) =>
      compileRouteTable({
        name,
        routes: [
          ...cidrs.map((to) => ({ to, via: 'local', target: { kind: 'local' as const }, origin })),
          ...routes.map((text) => {
            const [to, , via, how] = text.split(' ') as [string, string, string, string | undefined];
            const prefixList = how?.startsWith('pl/') ? how.slice(3) : undefined;
            const propagated = how === 'propagated';
            return { to: cidr(to), via, target: targetOf(via), propagated, prefixList, origin };
          }),
        ],
      }),
    ),
    subnets: Object.entries(plan.subnets).map(([name, { cidr: block }]) => ({
      cidr: cidr(block),
      index: indexOf(`subnet/${name}`),
    })),
  });
  for (const [name, spec] of Object.entries(plan.subnets))
    add(`subnet/${name}`, spec.az, {
      segment: 1,
      cidr: cidr(spec.cidr),
      router: indexOf('vpc-router/main'),
      routerPort: tableNames.indexOf(spec.table ?? 'main'),
      acl: compileAcl(spec.acl ?? acl('default')),
    });
  add('internet-gateway/igw', undefined, {
    segment: 1,
    router: indexOf('vpc-router/main'),
    routerPort: plan.edgeTable === undefined ? NO_TABLE : tableNames.indexOf(plan.edgeTable),
    internet: indexOf('internet/internet'),
    publicOf,
    state: undefined,
    regionalNat: undefined,
    publicAccess: undefined,
    privateOf: new Map([...publicOf].map(([inside, outside]) => [outside, inside])),
    cidrs,
  });
  for (const address of plan.unassociated ?? []) world.set(ipv4(address), indexOf('internet-gateway/igw'));
  add('internet/internet', undefined, {});
  for (const [name, address] of Object.entries(plan.outside ?? {})) {
    world.set(ipv4(address), indexOf(`host/${name}`));
    add(`host/${name}`, undefined, {
      address: ipv4(address),
      listening: [],
      network: indexOf('internet/internet'),
      networkPort: INTERNET_FROM_OUTSIDE,
    });
  }
  for (const [name, { subnets }] of Object.entries(plan.attachments ?? {}))
    add(`attachment/${name}`, undefined, { foot: indexOf(`subnet/${subnets[0]}`) });
  if (plan.apiEndpoint) {
    world.set(ipv4(plan.apiEndpoint.address), indexOf('eks-api-endpoint/api'));
    add('eks-api-endpoint/api', undefined, {
      address: ipv4(plan.apiEndpoint.address),
      publicCidrs: plan.apiEndpoint.publicCidrs.map((text): Cidr => cidr(text)),
      internet: indexOf('internet/internet'),
    });
  }
  return {
    devices,
    receivers: devices.map(
      (device) => (receivers[device.kind as keyof typeof receivers] as unknown as Behaviour).receive,
    ),
    owners: [world, own],
    indexOf,
  };
}

type Spec = Attached & {
  readonly groups?: readonly string[];
  readonly sourceDestCheck?: boolean;
  readonly forwards?: boolean;
  readonly secondary?: readonly string[];
  readonly noConnectedRoute?: boolean;
  readonly listening?: readonly ListeningPort[];
  readonly state?: string;
  readonly balancer?: AlbInput | NlbInput;
};
