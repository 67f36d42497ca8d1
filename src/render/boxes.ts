/** Where each device of a world stands: region, VPC, zone, subnet, node. The nesting that diagrams draw. */
import { formatCidr } from '../addressing/cidr.ts';
import { formatIpv4 } from '../addressing/ip.ts';
import type { VpcSpec } from '../world/topology.ts';
import type { EniState, World } from '../world/world.ts';
import type { Box, Surroundings } from './surroundings.ts';

/** The boxes of a world, looked up device by device. */
export function surroundingsOf(world: World): Surroundings {
  const byEni = new Map(world.enis.map((eni) => [eni.id, eni]));
  const byHost = new Map(world.enis.map((eni) => [eni.host, eni]));
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
        case 'subnet':
          return inSubnet(world, id, []);
        case 'eni':
          return inEni(world, byEni.get(id));
        case 'node':
        case 'instance': {
          const node = world.cluster?.nodes.find(({ name }) => name === id);
          const eni = index === undefined ? undefined : byHost.get(index);
          const box: Box = {
            id: device,
            kind: 'node',
            label: id,
            ...(node ? { detail: `${node.instanceType}  ${formatIpv4(node.address)}` } : {}),
          };
          return eni ? inSubnet(world, eni.subnet, [box]) : [box];
        }
        case 'pod':
        case 'unplaced-pod':
          return inNode(world, id, device);
        case 'alb':
        case 'nlb':
        case 'nat-gateway':
        case 'eks-control-plane': {
          const eni = index === undefined ? undefined : byHost.get(index);
          const label = world.devices[index ?? -1]?.name ?? id;
          const box: Box = {
            id: device,
            kind: kind === 'nat-gateway' ? 'gateway' : 'balancer',
            label,
            ...(eni ? { detail: formatIpv4(eni.addresses[0]!.address) } : {}),
          };
          return eni ? inSubnet(world, eni.subnet, [box]) : [box];
        }
        default: {
          const host = world.topology.hosts.find(({ name }) => name === id);
          return [
            { id: device, kind: 'outside', label: id, ...(host ? { detail: formatIpv4(host.address) } : {}) },
          ];
        }
      }
    },
    others: others(world),
  };
}

function vpcNamed(world: World, name: string): VpcSpec | undefined {
  return world.topology.vpcs.find((vpc) => vpc.name === name);
}

function around(vpc: VpcSpec | undefined, inner: readonly Box[]): Box[] {
  if (!vpc) return [...inner];
  return [
    { id: `region/${vpc.region}`, kind: 'region', label: vpc.region },
    { id: `vpc/${vpc.name}`, kind: 'vpc', label: vpc.name, detail: vpc.cidrs.map(formatCidr).join(' ') },
    ...inner,
  ];
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
  const [kind, ...rest] = eni.owner.split('/');
  const inner: Box[] =
    kind === 'node' || kind === 'instance'
      ? [{ id: eni.owner, kind: 'node', label: rest.join('/'), detail }]
      : [];
  return inSubnet(world, eni.subnet, [
    ...inner,
    { id: `eni/${eni.id}`, kind: 'eni', label: `eni ${eni.id}`, detail },
  ]);
}

function inNode(world: World, id: string, device: string): Box[] {
  const pod = world.cluster?.pods.find((each) => each.id === id);
  const box: Box = {
    id: device,
    kind: 'pod',
    label: id,
    ...(pod?.address !== undefined ? { detail: formatIpv4(pod.address) } : {}),
  };
  const node = world.cluster?.nodes.find(({ name }) => name === pod?.node);
  if (!node) return [box];
  return inSubnet(world, node.subnet, [
    {
      id: `node/${node.name}`,
      kind: 'node',
      label: node.name,
      detail: `${node.instanceType}  ${formatIpv4(node.address)}`,
    },
    box,
  ]);
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
