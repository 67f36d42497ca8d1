/** One type in full: the sum, every limit with the one that binds, and what the rule sets make of it. */
import type { MaxPodsReport } from '../../analysis/max-pods.ts';
import type { InstanceType } from '../../cni/instance-types.ts';
import { labelled } from '../text/lines.ts';
import type { Paint } from '../text/paint.ts';
import { type NamedReport, podsOf } from './words.ts';

const LABEL = 11;

/** Lines of at most `width` columns, with a final newline. */
export function onePodsText({ report, usedBy }: NamedReport, width: number, paint: Paint): string {
  const part = (label: string, lines: readonly string[]): string[] =>
    lines.flatMap((line, index) => labelled(index === 0 ? label : '', line, LABEL, width));
  const lines = [
    paint.strong(headline(report)),
    '',
    ...part('type', [typeLine(report.type)]),
    ...part('used by', firstOf(usedBy)),
    ...part('sum', report.steps.slice(1)),
    ...part('reserve', reserveLines(report)),
    ...part('branch', branchLines(report)),
    '',
    ...limitLines(report, width, paint),
    '',
    ...ruleSetLines(report, width, paint),
    ...(report.warnings.length > 0 ? [''] : []),
    ...report.warnings.flatMap((warning) =>
      labelled('note', warning, LABEL, width).map((line) => paint.unsure(line)),
    ),
  ];
  return `${lines.join('\n')}\n`;
}

function headline({ type, as, maxPods, recommended, fits, branchPods }: MaxPodsReport): string {
  const branches = branchPods === 0 ? '' : `, and ${branchPods} more with branch ENIs`;
  if (as === undefined) return `${type.name}: ${podsOf(fits)} in a managed node group${branches}`;
  const less = fits < maxPods ? `, and ${fits} of them run` : '';
  const advice = recommended < maxPods && recommended !== fits ? `; ${recommended} are recommended` : '';
  return `${type.name}: ${podsOf(maxPods)} by ${as}${less}${advice}`;
}

const MOST_USERS = 5;

function firstOf(users: readonly string[]): readonly string[] {
  if (users.length <= MOST_USERS) return users;
  return [...users.slice(0, MOST_USERS - 1), `and ${users.length - MOST_USERS + 1} more`];
}

function typeLine(type: InstanceType): string {
  const { maxEnis, ipv4PerEni, vcpus, memoryMiB, networkCards, totalEnis, branchEnis } = type;
  const machine = type.bareMetal
    ? 'bare metal'
    : { nitro: 'Nitro', xen: 'Xen', unknown: '' }[type.hypervisor];
  const parts = [
    `${maxEnis} ENIs x ${ipv4PerEni} IPv4 addresses`,
    networkCards > 1 ? `on the default one of ${networkCards} network cards (${totalEnis} ENIs on all)` : '',
    vcpus === undefined ? 'vCPUs not known' : vcpus === 1 ? '1 vCPU' : `${vcpus} vCPUs`,
    memoryMiB === undefined ? '' : `${memoryMiB} MiB`,
    machine,
    branchEnis === undefined
      ? 'trunk not known'
      : branchEnis === 0
        ? 'no trunk'
        : `${branchEnis} branch ENIs`,
  ];
  return parts.filter((part) => part !== '').join(', ');
}

function reserveLines({ reserve }: MaxPodsReport): string[] {
  if (!reserve) return [];
  const { reservedMiB, memoryMiB, cpuMillis, pods } = reserve;
  const share = Math.round((100 * reservedMiB) / memoryMiB);
  const cpu = cpuMillis === undefined ? '' : `, and ${cpuMillis}m of CPU whatever their number`;
  return [`${reservedMiB} MiB of ${memoryMiB} MiB (${share} %) kept back for ${podsOf(pods)}${cpu}`];
}

function branchLines({ branchPods, maxPodsWithBranches }: MaxPodsReport): string[] {
  if (maxPodsWithBranches === undefined) return [];
  return [
    `${branchPods} more pods with a branch ENI each; the kubelet counts them too: ${maxPodsWithBranches} with all`,
  ];
}

function limitLines({ limits, fits, binding }: MaxPodsReport, width: number, paint: Paint): string[] {
  const names = Math.max(...limits.map(({ what }) => what.length));
  const numbers = Math.max('pods'.length, ...limits.map(({ pods }) => String(pods).length));
  const rows = limits.flatMap((limit) => {
    const { what, pods, because, enforced } = limit;
    const binds = enforced && pods === fits && what === binding;
    const label = `${binds ? '>' : ' '} ${String(pods).padStart(numbers)}  ${what.padEnd(names)}  `;
    const lines = labelled(label, enforced ? because : `advice: ${because}`, label.length, width);
    return binds ? lines.map((line) => paint.strong(line)) : lines;
  });
  return [`  ${'pods'.padStart(numbers)}  ${'limit'.padEnd(names)}  why`, ...rows];
}

function ruleSetLines({ ruleSets, as }: MaxPodsReport, width: number, paint: Paint): string[] {
  const names = Math.max('rule set'.length, ...ruleSets.map(({ name }) => name.length));
  const numbers = Math.max('pods'.length, ...ruleSets.map(({ pods }) => String(pods).length));
  const rows = ruleSets.flatMap(({ name, pods, title, because }) => {
    const own = name === (as ?? 'managed-node-group');
    const label = `${own ? '>' : ' '} ${String(pods).padStart(numbers)}  ${name.padEnd(names)}  `;
    const lines = labelled(label, because === '' ? title : `${title}: ${because}`, label.length, width);
    return own ? lines.map((line) => paint.strong(line)) : lines;
  });
  return [`  ${'pods'.padStart(numbers)}  ${'rule set'.padEnd(names)}  who it is`, ...rows];
}
