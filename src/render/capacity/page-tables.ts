/** The tables of a capacity report as parts of a page. */
import { type CapacityReport, type CapacityUse, capacityUses } from '../../analysis/capacity/report.ts';
import { mappedSubnets } from './block-map.ts';
import { adviceSection, growthSection, peaksSection, scenarioSection } from './page-changes.ts';
import { listOf, section, tableOf } from './page-text.ts';
import { amount, counted } from './words.ts';

export function pageTables(report: CapacityReport): readonly string[] {
  return [
    waiting(report),
    subnets(report),
    groups(report),
    limits(report),
    peaksSection(report),
    scenarioSection(report),
    growthSection(report),
    adviceSection(report),
    assumptions(report),
  ];
}

function waiting({ waiting: all }: CapacityReport): string {
  const rows = all.map(({ kind, count, example, message }) => [kind, amount(count), example, message]);
  const columns = [
    { title: 'What' },
    { title: 'Count', number: true },
    { title: 'Such as' },
    { title: 'Why', long: true },
  ];
  return section('waiting', 'What waits', tableOf('Without a place or an address', columns, rows));
}

function subnets(report: CapacityReport): string {
  const uses = (Object.keys(capacityUses) as CapacityUse[]).filter((use) =>
    report.subnets.some(({ lines }) => lines.some((line) => line.use === use)),
  );
  const rows = report.subnets.map((subnet) => [
    subnet.name,
    subnet.az,
    subnet.cidr,
    amount(subnet.size),
    ...uses.map((use) => amount(subnet.lines.find((line) => line.use === use)?.addresses ?? 0)),
    subnet.largestFreeBlock ?? 'none',
  ]);
  const columns = [
    { title: 'Subnet' },
    { title: 'Zone' },
    { title: 'Block' },
    { title: 'Size', number: true },
    ...uses.map((use) => ({ title: capacityUses[use], number: true })),
    { title: 'Largest free block' },
  ];
  const blocks = mappedSubnets(report).map(({ name, prefixes }) => [
    name,
    amount(prefixes.total),
    amount(prefixes.free),
    amount(prefixes.delegated),
    amount(prefixes.stranded),
    prefixes.reservation
      ? `${prefixes.reservation.cidr}: ${counted(prefixes.reservation.usable, 'block')} now, ${amount(prefixes.reservation.later)} later`
      : '',
  ]);
  const blockColumns = [
    { title: 'Subnet' },
    ...['Blocks', 'Can be delegated', 'Delegated', 'Stranded addresses'].map((title) => ({
      title,
      number: true,
    })),
    { title: 'A reservation would keep' },
  ];
  return section(
    'subnets',
    'Subnets',
    tableOf('Addresses by use; each line sums to the size', columns, rows),
    tableOf('/28 blocks', blockColumns, blocks),
  );
}

function groups({ groups: all, workloads }: CapacityReport): string {
  const rows = all.map(({ name, instanceType, nodes, max, maxPods, footprint, room }) => [
    name,
    instanceType,
    amount(nodes),
    max === null ? '' : amount(max),
    amount(maxPods),
    amount(footprint.launched.addresses),
    amount(footprint.full.addresses),
    amount(room.nodes),
    room.stoppedBy.message,
    amount(room.pods),
    room.podsStoppedBy.message,
  ]);
  const columns = [
    { title: 'Nodes' },
    { title: 'Type' },
    ...['Nodes', 'Most', 'maxPods', 'Addresses when launched', 'when full', 'More nodes'].map((title) => ({
      title,
      number: true,
    })),
    { title: 'What stops the next node', long: true },
    { title: 'More pods', number: true },
    { title: 'What stops the next pod', long: true },
  ];
  const more = workloads.map(({ workload, replicas, more: room, stoppedBy }) => [
    workload,
    amount(replicas),
    amount(room),
    stoppedBy.message,
  ]);
  const workloadColumns = [
    { title: 'Workload' },
    { title: 'Replicas', number: true },
    { title: 'More that fit', number: true },
    { title: 'What stops the next', long: true },
  ];
  return section(
    'room',
    'Room for more',
    tableOf('Nodes and pods', columns, rows),
    tableOf('Replicas, the other workloads as they are', workloadColumns, more),
  );
}

function limits({ limits: all }: CapacityReport): string {
  const rows = all.map(({ kind, at, pods, nodes, message }) => [
    kind,
    at,
    amount(pods),
    amount(nodes),
    message,
  ]);
  const columns = [
    { title: 'Limit' },
    { title: 'Where' },
    { title: 'Pods', number: true },
    { title: 'Nodes', number: true },
    { title: 'Why', long: true },
  ];
  return section(
    'limits',
    'What is met as it grows',
    tableOf('In this order, as all Deployments grow alike', columns, rows),
  );
}

function assumptions({ assumptions: all }: CapacityReport): string {
  return section('assumptions', 'What the figures suppose', listOf(all));
}
