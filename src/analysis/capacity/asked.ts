/** What a user asks of the future, in words: `web=50`, `workers=20`, `5%/week`. */
import type { Workload } from '../../api/objects.ts';
import type { Issue, Parsed } from '../../base/issue.ts';
import { suggestion } from '../../base/nearest.ts';
import type { NodeGroupSpec } from '../../world/cluster-spec.ts';
import type { ClusterPlan } from '../../world/sites.ts';
import { workloadName } from './more-pods.ts';

/** As given: `NAME=COUNT` or `NS/NAME=COUNT`, `GROUP=COUNT`, `PERCENT%/day|week|month`. */
export interface CapacityWords {
  readonly replicas?: readonly string[] | undefined;
  readonly nodes?: readonly string[] | undefined;
  readonly growth?: string | undefined;
}

export interface CapacityAsked {
  readonly replicas: readonly { readonly workload: Workload; readonly to: number }[];
  readonly nodes: readonly { readonly group: NodeGroupSpec; readonly to: number }[];
  readonly growth: GrowthRate | undefined;
}

export interface GrowthRate {
  readonly percent: number;
  readonly per: 'day' | 'week' | 'month';
}

const MOST_REPLICAS = 100_000;
/** The largest that EKS gives a node group is 450 unless raised; this is only to end. */
const MOST_NODES = 10_000;

export function readAsked(words: CapacityWords, cluster: ClusterPlan | undefined): Parsed<CapacityAsked> {
  const issues: Issue[] = [];
  const replicas = (words.replicas ?? []).flatMap((word) => {
    const read = readCount(word, 'replicas', MOST_REPLICAS, issues);
    const workload = read && findWorkload(read.name, cluster?.workloads ?? [], issues);
    return workload ? [{ workload, to: read.count }] : [];
  });
  const nodes = (words.nodes ?? []).flatMap((word) => {
    const read = readCount(word, 'nodes', MOST_NODES, issues);
    const group = read && findGroup(read.name, cluster?.spec.nodeGroups ?? [], issues);
    return group ? [{ group, to: read.count }] : [];
  });
  refuseTwice(
    replicas.map(({ workload }) => workloadName(workload)),
    'replicas',
    issues,
  );
  refuseTwice(
    nodes.map(({ group }) => group.name),
    'nodes',
    issues,
  );
  const growth = words.growth === undefined ? undefined : readGrowth(words.growth, issues);
  if (issues.length > 0) return { ok: false, issues };
  return { ok: true, value: { replicas, nodes, growth }, warnings: [] };
}

function readCount(
  word: string,
  option: 'replicas' | 'nodes',
  most: number,
  issues: Issue[],
): { readonly name: string; readonly count: number } | undefined {
  const [, name, digits] = /^([^=]+)=(\d{1,9})$/.exec(word) ?? [];
  const count = Number(digits);
  if (name !== undefined && count <= most) return { name, count };
  issues.push({
    severity: 'error',
    code: 'usage/bad-count',
    message: `--${option} "${word}"`,
    hint: `write ${option === 'replicas' ? 'NAME=COUNT or NAMESPACE/NAME=COUNT' : 'GROUP=COUNT'} with a whole number up to ${most}`,
  });
  return undefined;
}

function findWorkload(name: string, all: readonly Workload[], issues: Issue[]): Workload | undefined {
  const bare = name.replace(/^(?:deploy|deployment|sts|statefulset)\//, '');
  const scaled = all.filter(({ kind }) => kind === 'Deployment' || kind === 'StatefulSet');
  const full = ({ metadata }: Workload): string => `${metadata.namespace}/${metadata.name}`;
  const found = scaled.filter((one) => (bare.includes('/') ? full(one) : one.metadata.name) === bare);
  if (found.length === 1) return found[0];
  issues.push(
    found.length > 1
      ? {
          severity: 'error',
          code: 'usage/ambiguous-name',
          message: `--replicas ${name} could be any of ${found.map(full).join(', ')}`,
          hint: 'write NAMESPACE/NAME=COUNT',
        }
      : {
          severity: 'error',
          code: 'usage/unknown-name',
          message: `there is no Deployment or StatefulSet ${name}`,
          hint: suggestion(
            bare,
            new Set(scaled.map((one) => (bare.includes('/') ? full(one) : one.metadata.name))),
          ),
        },
  );
  return undefined;
}

function findGroup(name: string, all: readonly NodeGroupSpec[], issues: Issue[]): NodeGroupSpec | undefined {
  const found = all.find((group) => group.name === name.replace(/^group\//, ''));
  if (!found)
    issues.push({
      severity: 'error',
      code: 'usage/unknown-name',
      message: `there is no node group ${name}`,
      hint: suggestion(
        name,
        all.map((group) => group.name),
      ),
    });
  return found;
}

function refuseTwice(names: readonly string[], option: string, issues: Issue[]): void {
  const twice = new Set(names.filter((name, index) => names.indexOf(name) !== index));
  for (const name of twice)
    issues.push({
      severity: 'error',
      code: 'usage/given-twice',
      message: `--${option} names ${name} more than once`,
    });
}

function readGrowth(word: string, issues: Issue[]): GrowthRate | undefined {
  const [, digits, per] = /^(\d{1,4}(?:\.\d{1,3})?)%\/(day|week|month)$/.exec(word) ?? [];
  const percent = Number(digits);
  if (per !== undefined && percent > 0 && percent <= 1000) return { percent, per: per as GrowthRate['per'] }; // the pattern has no other word
  issues.push({
    severity: 'error',
    code: 'usage/bad-growth',
    message: `--growth "${word}"`,
    hint: 'write a percentage above 0 and up to 1000 a day, week or month: 5%/week',
  });
  return undefined;
}
