/** Who holds which private address: nodes with their pools, network interfaces, and addresses one by one. */
import { addressAt, type Cidr, contains, formatCidr, sizeOf } from '../addressing/cidr.ts';
import { formatIpv4, type Ipv4 } from '../addressing/ip.ts';
import { branchEniId, nodeEniId } from '../world/eni-ids.ts';
import type { EniAddress } from '../world/eni-plan.ts';
import type { EniState, NodeState, World } from '../world/world.ts';
import { type ListingKind, none } from './listing.ts';

/** Pods, addresses and interfaces as `in use / there are, or may be`. */
export const nodes: ListingKind = {
  names: ['nodes', 'node', 'no'],
  list: (world) => {
    const states = world.cluster?.nodes ?? [];
    const pods = new Map<string, number>();
    for (const { node } of world.cluster?.pods ?? [])
      if (node !== undefined) pods.set(node, (pods.get(node) ?? 0) + 1);
    return {
      columns: [
        'NAME',
        'TYPE',
        'ZONE',
        'SUBNET',
        'INTERNAL-IP',
        'EXTERNAL-IP',
        'ENIS',
        'ADDRESSES',
        'PODS',
        'MAX-PODS',
      ],
      rows: states.map((node) => [
        node.name,
        node.instanceType,
        node.az,
        node.subnet,
        formatIpv4(node.address),
        node.publicAddress === undefined ? none : formatIpv4(node.publicAddress),
        `${node.enis.length}/${node.mostEnis ?? '?'}`,
        poolUse(node),
        String(pods.get(node.name) ?? 0),
        String(node.maxPods),
      ]),
      below: { column: 'POOL', cells: states.map(({ pool }) => pool.because) },
    };
  },
};

function poolUse({ pool: { assigned, warm } }: NodeState): string {
  return `${assigned.length}/${assigned.length + warm.length}`;
}

export const enis: ListingKind = {
  names: ['enis', 'eni', 'interfaces'],
  list: (world) => {
    const slots = deviceNumbers(world);
    return {
      columns: ['ENI', 'DEVICE', 'SUBNET', 'ADDRESS', 'PODS', 'WARM', 'PREFIXES', 'PUBLIC', 'OWNER'],
      rows: world.enis.map((eni) => [
        eni.id,
        slots.get(eni.id) ?? '-',
        eni.subnet,
        formatIpv4(eni.addresses[0]!.address),
        ...[['pod', 'branch'], ['warm']].map((uses) =>
          String(eni.addresses.filter(({ use }) => uses.includes(use)).length),
        ),
        eni.prefixes.length === 0 ? '-' : String(eni.prefixes.length),
        eni.publicAddress === undefined ? none : formatIpv4(eni.publicAddress),
        isNamedBy(eni) ? eni.owner.split('/', 1)[0]! : eni.owner,
      ]),
      below: {
        column: 'SECURITY-GROUPS',
        cells: world.enis.map(({ securityGroups }) => securityGroups.join(', ') || none),
      },
    };
  },
};

/** Does the id begin with the owner's name, which then need not be said again? */
function isNamedBy({ id, owner }: EniState): boolean {
  return id.startsWith(owner.slice(owner.indexOf('/') + 1)) || owner.startsWith('eks-control-plane/');
}

/** Network card and device number of nodes' own interfaces, by id; branch ENIs by their VLAN. */
function deviceNumbers({ cluster }: World): ReadonlyMap<string, string> {
  const numbers = new Map<string, string>();
  for (const { name, pool } of cluster?.nodes ?? []) {
    for (const eni of pool.enis)
      numbers.set(nodeEniId(name, eni), `${eni.card}.${eni.device}${eni.role === 'trunk' ? ' trunk' : ''}`);
    for (const branch of pool.branches) numbers.set(branchEniId(name, branch), `vlan ${branch.vlan}`);
  }
  return numbers;
}

export const addresses: ListingKind = {
  names: ['addresses', 'address', 'ips', 'ip'],
  list: (world) => {
    const rows = [...world.enis.flatMap(rowsOfEni), ...occupiedRows(world)];
    rows.sort((a, b) => a.first - b.first);
    rows.push(...world.enis.flatMap(rowsOfIpv6));
    return {
      columns: ['ADDRESS', 'USE', 'SUBNET', 'ENI', 'PREFIX', 'HOLDER'],
      rows: rows.map(({ first, last, cells }) => [rangeText(first, last), ...cells]),
    };
  },
};

interface Row {
  readonly first: Ipv4;
  readonly last: Ipv4;
  readonly cells: readonly string[];
}

/** Unused addresses in a row stand in one. */
function rowsOfEni(eni: EniState): Row[] {
  const rows: Row[] = [];
  const prefixes = eni.prefixes.map((prefix) => ({ prefix, text: prefixText(prefix, eni.addresses) }));
  for (const own of eni.addresses) {
    const prefix = prefixes.find((each) => contains(each.prefix, own.address))?.text ?? '-';
    const cells = [own.use, eni.subnet, eni.id, prefix, own.holder ?? (isNamedBy(eni) ? '-' : eni.owner)];
    const before = rows.at(-1);
    if (own.use === 'warm' && before?.last === own.address - 1 && before.cells.join() === cells.join())
      rows[rows.length - 1] = { ...before, last: own.address };
    else rows.push({ first: own.address, last: own.address, cells });
  }
  return rows;
}

function rowsOfIpv6(eni: EniState): Row[] {
  const holder = isNamedBy(eni) ? '-' : eni.owner;
  const cells = [eni.addresses[0]!.use, eni.subnet, eni.id, '-', holder];
  return eni.ipv6Addresses.map((address) => ({ first: address, last: address, cells }));
}

function prefixText(prefix: Cidr, own: readonly EniAddress[]): string {
  const used = own.filter(({ address, use }) => use === 'pod' && contains(prefix, address)).length;
  return `${formatCidr(prefix)} ${used}/${sizeOf(prefix)}`;
}

function occupiedRows({ topology }: World): Row[] {
  return topology.vpcs.flatMap(({ subnets }) =>
    subnets.flatMap(({ name, occupied }) =>
      occupied.map(({ cidr, by }) => ({
        first: cidr.base,
        last: addressAt(cidr, -1),
        cells: ['occupied', name, '-', '-', by],
      })),
    ),
  );
}

/** "10.0.0.4", "10.0.0.4-15", "10.0.0.250-10.0.1.3". */
function rangeText(first: Ipv4, last: Ipv4): string {
  if (first === last) return formatIpv4(first);
  const [from, to] = [formatIpv4(first), formatIpv4(last)];
  const shared = from.lastIndexOf('.') + 1;
  return `${from}-${to.startsWith(from.slice(0, shared)) ? to.slice(shared) : to}`;
}
