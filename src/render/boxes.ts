/** Where each device of a world stands: region, VPC, zone, subnet, node. The nesting that diagrams draw. */
import { formatCidr } from '../addressing/cidr.ts';
import { formatIpv4 } from '../addressing/ip.ts';
import type { LinuxHost } from '../host/linux-record.ts';
import type { OnPremisesSpec } from '../world/link-spec.ts';
import type { VpcSpec } from '../world/vpc-spec.ts';
import type { EniState, NodeState, World } from '../world/world.ts';
import type { Box, Surroundings } from './surroundings.ts';

/** The boxes of a world, looked up device by device. */
export function surroundingsOf(world: World): Surroundings {
  const byEni = new Map(world.enis.map((eni) => [eni.id, eni]));
  // Of several interfaces the first says where the host is.
  const byHost = new Map(world.enis.map((eni) => [eni.host, eni] as const).reverse());
  return {
    boxesOf(device) {
      const slash = device.indexOf('/');
      const [kind, id] = [device.slice(0, slash), device.slice(slash + 1)];
      const index = world.indexOf.get(device);
      switch (kind) {
        case 'vpc-router':
          return around(vpcNamed(world, id), []);
        case 'internet-gateway': {
          const vpc = world.topology.vpcs.find((each) => each.internetGateway?.name === id);
          return around(vpc, [{ id: device, kind: 'gateway', label: id }]);
        }
        case 'regional-nat-gateway': {
          const vpc = world.topology.vpcs.find((each) => each.natGateways.some(({ name }) => name === id));
          return around(vpc, [{ id: device, kind: 'gateway', label: id }]);
        }
        case 'instance-metadata':
        case 'amazon-dns':
        case 'amazon-time':
          return around(vpcNamed(world, id), [
            { id: device, kind: 'gateway', label: kind.replace('-', ' ') },
          ]);
        case 'gateway-endpoint': {
          const endpoint = world.endpoints.find((each) => each.name === id);
          return around(endpoint && vpcNamed(world, endpoint.vpc), [
            { id: device, kind: 'gateway', label: id },
          ]);
        }
        case 'vpn-gateway': {
          const vpc = world.topology.vpcs.find((each) => each.vpnGateway?.name === id);
          return around(vpc, [{ id: device, kind: 'gateway', label: id }]);
        }
        case 'vpc-peering':
        case 'transit-gateway':
        case 'tgw-attachment':
          return inRegion(regionOfLink(world, kind, id), [{ id: device, kind: 'gateway', label: id }]);
        case 'on-premises':
          return onPremises(
            world.topology.onPremises.find(({ name }) => name === id),
            [],
          );
        case 'subnet':
          return inSubnet(world, id, []);
        case 'eni':
          return inEni(world, byEni.get(id));
        case 'node':
        case 'instance': {
          const eni = index === undefined ? undefined : byHost.get(index);
          const box = machineBox(world, device);
          return eni ? inSubnet(world, eni.subnet, [box]) : [box];
        }
        case 'pod':
        case 'unplaced-pod':
          return inNode(world, id, device);
        case 'alb':
        case 'nlb':
        case 'nat-gateway':
        case 'eks-control-plane':
        case 'interface-endpoint':
        case 'aws-managed': {
          const eni = index === undefined ? undefined : byHost.get(index);
          // The zone is that of the box around it.
          const label = kind === 'alb' || kind === 'nlb' ? id.replace(/\/[^/]+$/, '') : id;
          const box: Box = {
            id: device,
            kind: kind === 'nat-gateway' ? 'gateway' : 'balancer',
            label,
            ...(eni ? { detail: formatIpv4(eni.addresses[0]!.address) } : {}),
          };
          return eni ? inSubnet(world, eni.subnet, [box]) : [box];
        }
        case 'internet':
          return [{ id: device, kind: 'outside', label: 'internet' }];
        default: {
          const network = world.topology.onPremises.find(({ hosts }) =>
            hosts.some(({ name }) => name === id),
          );
          const hosts = kind === 'host' ? [...world.topology.hosts, ...(network?.hosts ?? [])] : [];
          const host = hosts.find(({ name }) => name === id);
          return onPremises(kind === 'host' ? network : undefined, [
            {
              id: device,
              kind: 'outside',
              label: id === 'internet' ? 'internet host' : id,
              ...(host ? { detail: formatIpv4(host.address) } : {}),
            },
          ]);
        }
      }
    },
    others: others(world),
  };
}

function vpcNamed(world: World, name: string): VpcSpec | undefined {
  return world.topology.vpcs.find((vpc) => vpc.name === name);
}

/** Undefined where it lies between Regions. */
function regionOfLink({ topology }: World, kind: string, id: string): string | undefined {
  if (kind === 'vpc-peering') {
    const peering = topology.peerings.find(({ name }) => name === id);
    return peering?.requester.region === peering?.accepter.region ? peering?.requester.region : undefined;
  }
  return topology.transitGateways.find(({ name, attachments }) =>
    kind === 'transit-gateway' ? name === id : attachments.some((one) => one.name === id),
  )?.region;
}

function inRegion(region: string | undefined, inner: readonly Box[]): Box[] {
  return region === undefined
    ? [...inner]
    : [{ id: `region/${region}`, kind: 'region', label: region }, ...inner];
}

function onPremises(network: OnPremisesSpec | undefined, inner: readonly Box[]): Box[] {
  if (!network) return [...inner];
  const detail = network.cidrs.map(formatCidr).join(' ');
  return [{ id: `premises/${network.name}`, kind: 'premises', label: network.name, detail }, ...inner];
}

function around(vpc: VpcSpec | undefined, inner: readonly Box[]): Box[] {
  if (!vpc) return [...inner];
  return inRegion(vpc.region, [
    { id: `vpc/${vpc.name}`, kind: 'vpc', label: vpc.name, detail: vpc.cidrs.map(formatCidr).join(' ') },
    ...inner,
  ]);
}

function inSubnet(world: World, name: string, inner: readonly Box[]): Box[] {
  const state = world.subnets.find((subnet) => subnet.name === name);
  if (!state) return [...inner];
  return around(vpcNamed(world, state.vpc), [
    { id: `az/${state.az}`, kind: 'az', label: state.az },
    { id: `subnet/${name}`, kind: 'subnet', label: name, detail: state.cidr, public: state.public },
    ...inner,
  ]);
}

function inEni(world: World, eni: EniState | undefined): Box[] {
  if (!eni) return [];
  const detail = formatIpv4(eni.addresses[0]!.address);
  const { kind, id } = world.devices[eni.host]!;
  const machine = kind === 'node' || kind === 'instance' ? [machineBox(world, `${kind}/${id}`)] : [];
  return inSubnet(world, eni.subnet, [
    ...machine,
    { id: `eni/${eni.id}`, kind: 'eni', label: interfaceOf(world, eni), detail },
  ]);
}

/** As the node's kernel calls it ("ens6", "vlan.eth.1"); interfaces of other owners have no name that anybody uses. */
function interfaceOf(world: World, eni: EniState): string {
  const host = world.devices[eni.host]!;
  if (host.kind !== 'node') return 'ENI';
  // A node has the record of a Linux host: world/devices.ts.
  return (host as LinuxHost).interfaces.find(({ peer }) => peer === eni.device)?.name ?? 'ENI';
}

function nodeOf(world: World, device: string): NodeState | undefined {
  return world.cluster?.nodes.find(({ name }) => `node/${name}` === device);
}

/** A node or an instance. The DNS domain of its host name is the same for all of a region. */
function machineBox(world: World, device: string): Box {
  const name = device.slice(device.indexOf('/') + 1);
  const node = nodeOf(world, device);
  const short = name.split('.')[0]!;
  const alone = world.cluster?.nodes.filter((other) => other.name.split('.')[0] === short).length === 1;
  return {
    id: device,
    kind: 'node',
    label: alone ? short : name,
    ...(node ? { detail: `${node.instanceType}  ${formatIpv4(node.address)}` } : {}),
  };
}

function inNode(world: World, id: string, device: string): Box[] {
  const pod = world.cluster?.pods.find((each) => each.id === id);
  const box: Box = {
    id: device,
    kind: 'pod',
    label: id,
    ...(pod?.address !== undefined ? { detail: formatIpv4(pod.address) } : {}),
  };
  const node = pod && nodeOf(world, `node/${pod.node}`);
  if (!node) return [box];
  return inSubnet(world, node.subnet, [machineBox(world, `node/${node.name}`), box]);
}

function others(world: World): string[] {
  const count = (number: number, one: string): string[] =>
    number > 0 ? [`${number} ${one}${number === 1 ? '' : 's'}`] : [];
  return [
    ...count(world.cluster?.nodes.length ?? 0, 'node'),
    ...count(world.cluster?.pods.length ?? 0, 'pod'),
    ...count(world.loadBalancers.length, 'load balancer'),
  ];
}
