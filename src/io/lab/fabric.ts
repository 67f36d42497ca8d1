/** The namespaces between hosts: a router for each VPC, which knows every address of every interface, translates public
 *  addresses as an internet gateway does, and lets everything pass; and the internet with the outside hosts on it.
 *  They give back the hop that they take off the TTL: AWS's router takes none. */
import { addressAt, type Cidr, contains } from '../../addressing/cidr.ts';
import { formatIpv4, type Ipv4, ipv4 } from '../../addressing/ip.ts';
import { defaulted, type Origin } from '../../base/origin.ts';
import type { IpRoute } from '../../host/rules.ts';
import { sysctlsOf } from '../../host/sysctls.ts';
import type { HostSpec } from '../../world/topology.ts';
import type { VpcSpec } from '../../world/vpc-spec.ts';
import type { EniState, World } from '../../world/world.ts';
import type { LabNames } from './names.ts';
import { type LabLink, type LabNamespace, macOf } from './plan.ts';

const ORIGIN: Origin = defaulted('vpcsim', 'lab');
const EVERYTHING: Cidr = { base: 0, length: 0 };
/** Link between a VPC's router and the internet, at the router's end. */
const UPLINK = 'inet';
/** What outside hosts send everything to. */
const GATEWAY = ipv4('169.254.1.1');

const NO_TTL_LOST = ['*mangle', '-A PREROUTING -j TTL --ttl-inc 1', 'COMMIT'];

interface Port {
  readonly dev: string;
  /** Of the host at the other end. */
  readonly neighbour: Ipv4;
  readonly neighbourMac: string;
  readonly addresses: readonly Ipv4[];
}

/** Where links and names are gathered while the lab is planned. */
export interface Ground {
  readonly names: LabNames;
  readonly prefix: string;
  readonly links: LabLink[];
}

export function newNamespace(ground: Ground, ...words: readonly string[]): { name: string; folder: string } {
  const folder = ground.names.of(...words);
  return { folder, name: `${ground.prefix}-${folder}` };
}

/** Adds a veth pair between two namespaces. */
export function link(ground: Ground, a: Omit<LabLink['a'], 'mac'>, b: Omit<LabLink['b'], 'mac'>): LabLink {
  const number = ground.links.length;
  const added: LabLink = { a: { ...a, mac: macOf(number, 0) }, b: { ...b, mac: macOf(number, 1) } };
  ground.links.push(added);
  return added;
}

/** The namespace and the interface behind an ENI; undefined where the lab has nothing there. */
type EniEnd = (eni: EniState) => { readonly namespace: string; readonly dev: string } | undefined;

/** The routers of all VPCs, and the internet with its hosts. */
export function fabric(world: World, ground: Ground, eniEnd: EniEnd): LabNamespace[] {
  const { vpcs, hosts } = world.topology;
  const internet = newNamespace(ground, 'internet');
  const ports: Port[] = [];
  const routers = vpcs.map((vpc) => {
    const enis = world.enis.filter(({ subnet, addresses }) =>
      vpc.subnets.some(({ name, cidr }) => name === subnet && contains(cidr, addresses[0]!.address)),
    );
    return vpcRouter(vpc, enis, ground, eniEnd, internet.name, ports);
  });
  const outside = hosts.map((host) => outsideHost(host, ground, internet.name, ports));
  if (ports.length === 0) return routers;
  const devs = ports.map(({ dev }) => dev);
  return [
    ...routers,
    {
      ...internet,
      ...routerOf('internet', 'the internet', devs),
      addresses: [],
      routes: [...ports.flatMap(routesOf), nowhere],
      neighbours: ports.map(neighbourOf),
      restore: text(NO_TTL_LOST),
    },
    ...outside,
  ];
}

/** The router of a VPC, with an uplink where there is an internet gateway; its end on the internet joins `open`. */
function vpcRouter(
  vpc: VpcSpec,
  enis: readonly EniState[],
  ground: Ground,
  eniEnd: EniEnd,
  internet: string,
  open: Port[],
): LabNamespace {
  const names = newNamespace(ground, 'fabric', vpc.name);
  const ports: (Port & { readonly router: Ipv4 })[] = [];
  const maps: { readonly own: Ipv4; readonly open: Ipv4 }[] = [];
  for (const eni of enis) {
    const end = eniEnd(eni);
    if (end === undefined) continue;
    const dev = `e${ports.length}`;
    const { b } = link(ground, { namespace: names.name, dev }, end);
    const addresses = eni.addresses.map(({ address }) => address);
    const subnet = vpc.subnets.find(({ name }) => name === eni.subnet)!;
    const router = addressAt(subnet.cidr, 1);
    ports.push({ dev, neighbour: addresses[0]!, neighbourMac: b.mac, addresses, router });
    if (eni.publicAddress !== undefined) maps.push({ own: addresses[0]!, open: eni.publicAddress });
  }
  const devs = ports.map(({ dev }) => dev);
  const label = `router of VPC ${vpc.name}`;
  const common = {
    ...names,
    addresses: ports.map(({ dev, router }) => ({ dev, address: router })),
  };
  if (!vpc.internetGateway)
    return {
      ...common,
      ...routerOf(`fabric/${vpc.name}`, label, devs),
      routes: [...ports.flatMap(routesOf), nowhere],
      neighbours: ports.map(neighbourOf),
      restore: text(NO_TTL_LOST),
    };
  const dev = `v${open.length}`;
  const { a, b } = link(ground, { namespace: names.name, dev: UPLINK }, { namespace: internet, dev });
  open.push({
    dev,
    neighbour: GATEWAY,
    neighbourMac: a.mac,
    addresses: maps.map(({ open: address }) => address),
  });
  return {
    ...common,
    ...routerOf(`fabric/${vpc.name}`, label, [...devs, UPLINK]),
    routes: [...ports.flatMap(routesOf), route(EVERYTHING, UPLINK, GATEWAY)],
    neighbours: [...ports.map(neighbourOf), { dev: UPLINK, address: GATEWAY, mac: b.mac }],
    restore: gatewayRules(vpc.cidrs, maps),
  };
}

/** A host on the internet; the internet's end of its link joins `open`. */
function outsideHost(host: HostSpec, ground: Ground, internet: string, open: Port[]): LabNamespace {
  const names = newNamespace(ground, 'host', host.name);
  const dev = `h${open.length}`;
  const { a, b } = link(ground, { namespace: names.name, dev: 'eth0' }, { namespace: internet, dev });
  open.push({ dev, neighbour: host.address, neighbourMac: a.mac, addresses: [host.address] });
  return {
    ...names,
    device: `host/${host.name}`,
    label: `outside host ${host.name}, ${formatIpv4(host.address)}`,
    addresses: [{ dev: 'eth0', address: host.address }],
    rules: [],
    missingRules: [],
    routes: [route({ base: GATEWAY, length: 32 }, 'eth0'), route(EVERYTHING, 'eth0', GATEWAY)],
    neighbours: [{ dev: 'eth0', address: GATEWAY, mac: b.mac }],
    sysctls: sysctls(['eth0'], false),
    tables: null,
    sets: [],
    listening: host.listen,
  };
}

type Common = 'device' | 'label' | 'rules' | 'missingRules' | 'tables' | 'sets' | 'listening' | 'sysctls';

function routerOf(device: string, label: string, devs: readonly string[]): Pick<LabNamespace, Common> {
  return {
    device,
    label,
    rules: [],
    missingRules: [],
    tables: null,
    sets: [],
    listening: [],
    sysctls: [
      ...sysctls(devs, true),
      ...devs.flatMap((dev): LabNamespace['sysctls'] => [
        // The router answers for every address of the subnet, at once.
        [`net/ipv4/conf/${dev}/proxy_arp`, '1'],
        [`net/ipv4/conf/${dev}/proxy_arp_pvlan`, '1'],
        [`net/ipv4/neigh/${dev}/proxy_delay`, '0'],
      ]),
    ],
  };
}

function sysctls(devs: readonly string[], forwarding: boolean): LabNamespace['sysctls'] {
  const interfaces = ['lo', ...devs].map((name) => ({
    name,
    kind: 'other' as const,
    peer: -1,
    peerPort: 0,
    addresses: [],
  }));
  return sysctlsOf({ interfaces, forwarding, sysctls: {} });
}

/** All addresses of a port lead to its host; all but the first by way of that one, which answers for itself only. */
function routesOf({ dev, neighbour, addresses }: Port): IpRoute[] {
  return addresses.map((address) =>
    route({ base: address, length: 32 }, dev, address === neighbour ? undefined : neighbour),
  );
}

const neighbourOf = ({ dev, neighbour, neighbourMac }: Port): LabNamespace['neighbours'][number] => ({
  dev,
  address: neighbour,
  mac: neighbourMac,
});

function route(to: Cidr, dev: string, via?: Ipv4): IpRoute {
  return { table: 'main', to, dev, ...(via === undefined ? { scope: 'link' } : { via }), origin: ORIGIN };
}

/** Nobody has the address: AWS drops such packets without a word. */
const nowhere: IpRoute = { table: 'main', to: EVERYTHING, dev: '', type: 'blackhole', origin: ORIGIN };

/** An internet gateway as rules: one to one, and nothing without a public address gets out. What stays in the VPC is
 *  not tracked. */
function gatewayRules(
  vpcCidrs: readonly Cidr[],
  maps: readonly { readonly own: Ipv4; readonly open: Ipv4 }[],
): string {
  const block = ({ base, length }: Cidr): string => `${formatIpv4(base)}/${length}`;
  return text([
    '*raw',
    ...vpcCidrs.map((cidr) => `-A PREROUTING ! -i ${UPLINK} -d ${block(cidr)} -j CT --notrack`),
    'COMMIT',
    ...NO_TTL_LOST,
    '*nat',
    ...maps.map(
      ({ own, open }) =>
        `-A PREROUTING -i ${UPLINK} -d ${formatIpv4(open)}/32 -j DNAT --to-destination ${formatIpv4(own)}`,
    ),
    ...maps.map(
      ({ own, open }) =>
        `-A POSTROUTING -o ${UPLINK} -s ${formatIpv4(own)}/32 -j SNAT --to-source ${formatIpv4(open)}`,
    ),
    'COMMIT',
    '*filter',
    ...maps.map(({ own }) => `-A FORWARD -o ${UPLINK} -s ${formatIpv4(own)}/32 -j ACCEPT`),
    `-A FORWARD -o ${UPLINK} -j DROP`,
    'COMMIT',
  ]);
}

const text = (lines: readonly string[]): string => `${lines.join('\n')}\n`;
