/** Many types: a row each, as text, JSON, CSV and Markdown. */
import type { MaxPodsReport } from '../../analysis/max-pods.ts';
import { ruleSets } from '../../cni/max-pods.ts';
import type { NamedReport } from './words.ts';

/** A row of `vpcsim max-pods -o json`. Numbers that are not known are null. */
export interface MaxPodsRow {
  readonly instanceType: string;
  readonly maxPods: number;
  readonly recommended: number;
  readonly fits: number;
  readonly binding: string;
  readonly enis: number;
  readonly ipv4PerEni: number;
  readonly formula: string;
  readonly vcpus: number | null;
  readonly memoryMiB: number | null;
  readonly networkCards: number;
  readonly enisOfAllCards: number;
  readonly branchEnis: number | null;
  readonly hypervisor: string;
  readonly bareMetal: boolean;
  readonly branchPods: number;
  readonly ruleSets: Readonly<Record<string, number>>;
  readonly limits: readonly { readonly what: string; readonly pods: number; readonly enforced: boolean }[];
  readonly warnings: readonly string[];
  /** Of the topology: "node group workers". */
  readonly usedBy: readonly string[];
}

export function rowOf({ report, usedBy }: NamedReport): MaxPodsRow {
  const { type } = report;
  return {
    instanceType: type.name,
    maxPods: report.maxPods,
    recommended: report.recommended,
    fits: report.fits,
    binding: report.binding,
    enis: type.maxEnis,
    ipv4PerEni: type.ipv4PerEni,
    formula: report.formula,
    vcpus: type.vcpus ?? null,
    memoryMiB: type.memoryMiB ?? null,
    networkCards: type.networkCards,
    enisOfAllCards: type.totalEnis,
    branchEnis: type.branchEnis ?? null,
    hypervisor: type.hypervisor,
    bareMetal: type.bareMetal,
    branchPods: report.branchPods,
    ruleSets: Object.fromEntries(report.ruleSets.map(({ name, pods }) => [name, pods])),
    limits: report.limits.map(({ what, pods, enforced }) => ({ what, pods, enforced })),
    warnings: report.warnings,
    usedBy,
  };
}

/** A list with a row on each line, so that it can be searched by line. */
export function maxPodsJson(reports: readonly NamedReport[]): string {
  if (reports.length === 0) return '[]\n';
  return `[\n${reports.map((each) => JSON.stringify(rowOf(each))).join(',\n')}\n]\n`;
}

/** RFC 4180, with the line ends of this system's tools. */
export function maxPodsCsv(reports: readonly NamedReport[]): string {
  const columns = csvColumns();
  const lines = [
    columns.map(([title]) => title),
    ...reports.map((each) => columns.map(([, of]) => of(rowOf(each)))),
  ];
  return lines.map((cells) => `${cells.map(csvCell).join(',')}\n`).join('');
}

type Column = readonly [title: string, of: (row: MaxPodsRow) => string];

function csvColumns(): Column[] {
  const plain = [
    'instanceType',
    'maxPods',
    'recommended',
    'fits',
    'binding',
    'enis',
    'ipv4PerEni',
    'formula',
    'vcpus',
    'memoryMiB',
    'networkCards',
    'branchEnis',
    'hypervisor',
    'bareMetal',
  ] as const;
  return [
    ...plain.map((name): Column => [name, (row) => String(row[name] ?? '')]),
    ...ruleSets.map(({ name }): Column => [name, (row) => String(row.ruleSets[name])]),
    ['warnings', (row) => row.warnings.join('; ')],
  ];
}

function csvCell(text: string): string {
  return /[",\n\r]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}

/** The columns that people read, and whether they hold numbers. */
function shownColumns(reports: readonly NamedReport[]): readonly (readonly [...Column, numeric: boolean])[] {
  const [first] = reports;
  const second: Column =
    first?.report.as === undefined
      ? ['UNCAPPED', (row) => String(row.maxPods)]
      : ['RECOMMENDED', (row) => String(row.recommended)];
  const pods = (row: MaxPodsRow) => String(first?.report.as === undefined ? row.fits : row.maxPods);
  const used = reports.some(({ usedBy }) => usedBy.length > 0);
  return [
    ['TYPE', (row) => row.instanceType, false],
    ['PODS', pods, true],
    [...second, true],
    ['BINDS', (row) => row.binding, false],
    ['ENIS', (row) => String(row.enis), true],
    ['IPV4', (row) => String(row.ipv4PerEni), true],
    ['VCPUS', (row) => String(row.vcpus ?? '?'), true],
    ['SUM', (row) => row.formula, false],
    ...(used ? [['USED BY', (row: MaxPodsRow) => row.usedBy.join(', '), false] as const] : []),
  ];
}

export function maxPodsTable(reports: readonly NamedReport[]): string {
  const columns = shownColumns(reports);
  const rows = reports.map((each) => columns.map(([, of]) => of(rowOf(each))));
  const widths = columns.map(([title], at) => Math.max(title.length, ...rows.map((row) => row[at]!.length)));
  const line = (cells: readonly string[]): string =>
    cells
      .map((cell, at) => (columns[at]![2] ? cell.padStart(widths[at]!) : cell.padEnd(widths[at]!)))
      .join('  ')
      .trimEnd();
  return `${[columns.map(([title]) => title), ...rows].map(line).join('\n')}\n`;
}

export function maxPodsMarkdown(reports: readonly NamedReport[]): string {
  const columns = shownColumns(reports);
  const line = (cells: readonly string[]): string =>
    `| ${cells.map((cell) => cell.replaceAll('|', '\\|')).join(' | ')} |`;
  const lines = [
    line(columns.map(([title]) => title)),
    line(columns.map(([, , numeric]) => (numeric ? '--:' : '---'))),
    ...reports.map((each) => line(columns.map(([, of]) => of(rowOf(each)).replaceAll('*', '\\*')))),
  ];
  return `${lines.join('\n')}\n`;
}

/** By what rows can be sorted. */
export const sortKeys = ['name', 'pods', 'recommended', 'uncapped', 'enis', 'ipv4', 'vcpus'] as const;
export type SortKey = (typeof sortKeys)[number];

/** Ascending; those of equal number by name. What is not known comes last. */
export function sorted(reports: readonly NamedReport[], key: SortKey): readonly NamedReport[] {
  const number: Readonly<Record<SortKey, (report: MaxPodsReport) => number>> = {
    name: () => 0,
    pods: (report) => (report.as === undefined ? report.fits : report.maxPods),
    recommended: (report) => report.recommended,
    uncapped: (report) => report.maxPods,
    enis: (report) => report.type.maxEnis,
    ipv4: (report) => report.type.ipv4PerEni,
    vcpus: (report) => report.type.vcpus ?? Number.MAX_SAFE_INTEGER,
  };
  return [...reports].sort(
    (a, b) => number[key](a.report) - number[key](b.report) || byName(a.report.type.name, b.report.type.name),
  );
}

const SIZES = ['nano', 'micro', 'small', 'medium', 'large', 'xlarge'];

/** Families by the alphabet, and in them sizes as they grow: large, xlarge, 2xlarge, 16xlarge, metal. */
export function byName(one: string, other: string): number {
  const [family, size] = one.split('.') as [string, string];
  const [otherFamily, otherSize] = other.split('.') as [string, string];
  if (family !== otherFamily) return family < otherFamily ? -1 : 1;
  return sizeRank(size) - sizeRank(otherSize) || (size < otherSize ? -1 : 1);
}

function sizeRank(size: string): number {
  const known = SIZES.indexOf(size);
  if (known >= 0) return known;
  const times = /^(\d+)xlarge/.exec(size)?.[1];
  return times === undefined ? 100_000 : SIZES.length + Number(times);
}
