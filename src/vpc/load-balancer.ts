/** What the nodes of a load balancer share: name, listeners, target groups. Compiled once from names to references. */
import type { Origin } from '../base/origin.ts';
import type { AlbRule } from './alb-rules.ts';
import type { TargetGroup } from './target-group.ts';

/** What a rule does with a request, target groups by name. Parts of a redirect are written as AWS writes them, the
 *  unchanged ones as their placeholder: `#{host}`, `/#{path}`. */
export type ActionInput =
  | {
      readonly type: 'forward';
      readonly targetGroups: readonly { readonly name: string; readonly weight: number }[];
    }
  | Redirect
  | { readonly type: 'fixed-response'; readonly statusCode: number };

export interface Redirect {
  readonly type: 'redirect';
  readonly statusCode: number;
  readonly protocol: string;
  readonly host: string;
  readonly port: string;
  readonly path: string;
  readonly query: string;
}

export type AlbAction =
  | {
      readonly type: 'forward';
      /** Those with a weight above 0; the shares sum to 1. */
      readonly targetGroups: readonly TargetGroup[];
      readonly shares: readonly number[];
    }
  | Redirect
  | { readonly type: 'fixed-response'; readonly statusCode: number };

export interface AlbListener {
  readonly port: number;
  readonly protocol: 'HTTP' | 'HTTPS';
  /** Ascending by priority. */
  readonly rules: readonly AlbRule<AlbAction>[];
  readonly defaultAction: AlbAction;
  /** Nobody could read its rules. */
  readonly rulesUnknown?: boolean | undefined;
  readonly origin: Origin;
}

export interface AlbBalancer {
  readonly name: string;
  readonly scheme: 'internet-facing' | 'internal';
  readonly crossZone: boolean;
  readonly listeners: readonly AlbListener[];
  /** What its settings ask for and the model does not do. */
  readonly notModelled: readonly string[];
}

export interface NlbListener {
  readonly port: number;
  readonly protocol: 'TCP' | 'UDP' | 'TCP_UDP' | 'TLS';
  readonly targetGroup: TargetGroup;
  readonly origin: Origin;
}

export interface NlbBalancer {
  readonly name: string;
  readonly scheme: 'internet-facing' | 'internal';
  /** Off by default. */
  readonly crossZone: boolean;
  readonly listeners: readonly NlbListener[];
  readonly notModelled: readonly string[];
}

interface BalancerInput {
  readonly name: string;
  readonly scheme: 'internet-facing' | 'internal';
  readonly crossZone: boolean;
  readonly targetGroups: readonly (TargetGroup & { readonly notModelled?: readonly string[] })[];
  readonly notModelled?: readonly string[];
}

interface ListenerInput {
  readonly port: number;
  readonly protocol: string;
  readonly defaultAction: ActionInput;
  readonly origin: Origin;
}

export interface AlbInput extends BalancerInput {
  readonly listeners: readonly (ListenerInput & {
    readonly rules: readonly AlbRule<ActionInput>[];
    readonly rulesUnknown?: boolean | undefined;
  })[];
}

export interface NlbInput extends BalancerInput {
  readonly listeners: readonly ListenerInput[];
}

/** Compiles an ALB. A target group that is not there gets no traffic; with none left the answer is 503. */
export function compileAlb({
  name,
  scheme,
  crossZone,
  targetGroups,
  listeners,
  notModelled,
}: AlbInput): AlbBalancer {
  const groups = new Map(targetGroups.map((group) => [group.name, group]));
  return {
    name,
    scheme,
    crossZone,
    notModelled: [...(notModelled ?? []), ...targetGroups.flatMap((group) => group.notModelled ?? [])],
    listeners: listeners.map(({ port, protocol, rules, rulesUnknown, defaultAction, origin }) => ({
      port,
      protocol: protocol === 'HTTPS' ? 'HTTPS' : 'HTTP',
      rules: [...rules]
        .sort((a, b) => a.priority - b.priority)
        .map((rule) => ({ ...rule, action: compileAction(rule.action, groups) })),
      defaultAction: compileAction(defaultAction, groups),
      rulesUnknown,
      origin,
    })),
  };
}

/** Compiles an NLB: every listener forwards to one target group. */
export function compileNlb({
  name,
  scheme,
  crossZone,
  targetGroups,
  listeners,
  notModelled,
}: NlbInput): NlbBalancer {
  const groups = new Map(targetGroups.map((group) => [group.name, group]));
  return {
    name,
    scheme,
    crossZone,
    notModelled: [...(notModelled ?? []), ...targetGroups.flatMap((group) => group.notModelled ?? [])],
    listeners: listeners.flatMap(({ port, protocol, defaultAction, origin }) => {
      const first = defaultAction.type === 'forward' ? defaultAction.targetGroups[0] : undefined;
      const targetGroup = first && groups.get(first.name);
      return targetGroup
        ? [{ port, protocol: protocol as NlbListener['protocol'], targetGroup, origin }]
        : [];
    }),
  };
}

function compileAction(action: ActionInput, groups: ReadonlyMap<string, TargetGroup>): AlbAction {
  if (action.type !== 'forward') return action;
  const weighted = action.targetGroups.flatMap(({ name, weight }) => {
    const group = groups.get(name);
    return group && weight > 0 ? [{ group, weight }] : [];
  });
  const total = weighted.reduce((sum, { weight }) => sum + weight, 0);
  return {
    type: 'forward',
    targetGroups: weighted.map(({ group }) => group),
    shares: weighted.map(({ weight }) => weight / total),
  };
}
