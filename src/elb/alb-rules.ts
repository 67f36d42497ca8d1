/** The rules of one ALB listener (model_build_listener_rules.go): members in group order, Ingress rules as written, the
 *  paths of a rule sorted; hosts are not sorted, so an early rule without a host shadows later ones. Priorities count
 *  from 1. The default action is the one default backend, else a fixed 404. */
import type { Ingress, IngressPath, IngressRule } from '../api/objects.ts';
import { derived } from '../base/origin.ts';
import { albBackend } from './alb-backend.ts';
import type { ListenPort } from './alb-listen-ports.ts';
import { flag, ingressAnnotations } from './annotations.ts';
import type { Findings } from './findings.ts';
import { pathPatterns, sortPaths } from './path-patterns.ts';
import type { ActionPlan, ConditionPlan, ListenerPlan, ListenerRule, RedirectAction } from './plan.ts';
import { optimizeRules } from './rule-optimizer.ts';
import type { Draft } from './view.ts';

const BY = 'AWS Load Balancer Controller';

export function albListener(
  draft: Draft,
  groupId: string,
  listen: ListenPort,
  sslRedirect: number | undefined,
): ListenerPlan {
  const { port, protocol, certificates, members } = listen;
  const origin = derived(BY, ...members.map((ingress) => ingress.origin));
  const redirected = protocol === 'HTTP' && sslRedirect !== undefined;
  return {
    port,
    protocol,
    certificates,
    rules: redirected ? [] : rulesOf(draft, groupId, listen),
    ...(redirected
      ? { defaultAction: toHttps(sslRedirect), notModelled: [] }
      : defaultAction(draft, groupId, listen)),
    origin,
  };
}

function toHttps(port: number): RedirectAction {
  return {
    type: 'redirect',
    statusCode: 301,
    protocol: 'HTTPS',
    host: '#{host}',
    port: `${port}`,
    path: '/#{path}',
    query: '#{query}',
  };
}

function defaultAction(
  draft: Draft,
  groupId: string,
  { members, protocol }: ListenPort,
): { defaultAction: ActionPlan; notModelled: readonly string[] } {
  const [first, second] = members.filter((ingress) => ingress.defaultBackend !== undefined);
  if (second)
    draft.findings.refuse(
      'elb/group-conflict',
      second,
      'multiple ingress defined default backend in one group',
    );
  if (first?.defaultBackend) {
    const backend = albBackend(draft, groupId, first, first.defaultBackend, protocol);
    if (backend) return { defaultAction: backend.action, notModelled: backend.notModelled };
  }
  const notFound: ActionPlan = {
    type: 'fixed-response',
    statusCode: 404,
    contentType: 'text/plain',
    body: '',
  };
  return { defaultAction: notFound, notModelled: [] };
}

function rulesOf(draft: Draft, groupId: string, { members, port, protocol }: ListenPort): ListenerRule[] {
  const rules: Omit<ListenerRule, 'priority'>[] = [];
  for (const ingress of members) {
    const regex = flag(ingressAnnotations(ingress), 'use-regex-path-match', draft.findings) ?? false;
    for (const rule of ingress.rules)
      for (const path of sortPaths(rule.paths)) {
        const backend = albBackend(draft, groupId, ingress, path.backend, protocol);
        const conditions = ruleConditions(
          ingress,
          rule,
          path,
          regex,
          backend?.conditions ?? [],
          draft.findings,
        );
        if (!backend || !conditions) continue;
        const { action, notModelled } = backend;
        rules.push({
          conditions,
          action,
          notModelled,
          origin: derived(BY, path.origin, rule.origin, ingress.origin),
        });
      }
  }
  return optimizeRules(rules, port, protocol).map((rule, index) => ({ priority: index + 1, ...rule }));
}

/** Host and path of the rule are OR-ed with the annotation's values of the same field, all else is AND-ed. */
function ruleConditions(
  ingress: Ingress,
  rule: IngressRule,
  path: IngressPath,
  regex: boolean,
  extra: readonly ConditionPlan[],
  findings: Findings,
): ConditionPlan[] | undefined {
  const patterns = pathPatterns(path, regex);
  if ('fault' in patterns) {
    findings.refuse(
      'elb/path',
      ingress,
      patterns.fault,
      'pathType ImplementationSpecific takes ALB wildcards',
      path.origin,
    );
    return undefined;
  }
  const conditions: ConditionPlan[] = extra.filter(
    ({ field }) => field !== 'host-header' && field !== 'path-pattern',
  );
  const hosts = { values: rule.host === '' ? [] : [rule.host], regex: false };
  for (const [field, own] of [['host-header', hosts] as const, ['path-pattern', patterns] as const]) {
    const all = [own, ...extra.filter((each) => each.field === field && 'regex' in each)] as (typeof own)[];
    const plain = all.filter((each) => !each.regex).flatMap((each) => each.values);
    const regular = all.filter((each) => each.regex).flatMap((each) => each.values);
    if (plain.length > 0 && regular.length > 0) {
      findings.refuse(
        'elb/path',
        ingress,
        `${field} condition must specify exactly one of Values and RegexValues, got both ${plain.join(' ')} and ${regular.join(' ')}`,
        undefined,
        path.origin,
      );
      return undefined;
    }
    const broken = regular.find((value) => !isRegex(value));
    if (broken !== undefined) {
      findings.refuse('elb/path', ingress, `not a regular expression: ${broken}`, undefined, path.origin);
      return undefined;
    }
    if (plain.length + regular.length > 0)
      conditions.push({ field, values: [...plain, ...regular], regex: regular.length > 0 });
  }
  return conditions.length > 0 ? conditions : [{ field: 'path-pattern', values: ['/*'], regex: false }];
}

/** AWS's dialect is near to that of JavaScript; where they differ is not modelled. */
function isRegex(value: string): boolean {
  try {
    return new RegExp(value) !== undefined;
  } catch {
    return false;
  }
}
