/** Rules the controller leaves out (rule_optimizer.go): a redirect that would send the request back to itself, and
 *  rules after a redirect that already takes all their requests. Both come from the old habit of one redirect action
 *  for HTTP and HTTPS listeners alike. */
import type { ActionPlan, ConditionPlan, RedirectAction } from './plan.ts';

interface Rule {
  readonly conditions: readonly ConditionPlan[];
  readonly action: ActionPlan;
}

export function optimizeRules<R extends Rule>(rules: readonly R[], port: number, protocol: string): R[] {
  const kept: R[] = [];
  for (const rule of rules) {
    if (rule.action.type === 'redirect' && loops(rule.action, rule.conditions, port, protocol)) continue;
    const shadowed = kept.some(
      (each) => each.action.type === 'redirect' && covers(each.conditions, rule.conditions),
    );
    if (!shadowed) kept.push(rule);
  }
  return kept;
}

function loops(
  action: RedirectAction,
  conditions: readonly ConditionPlan[],
  port: number,
  protocol: string,
): boolean {
  const paths = globsOf(conditions, 'path-pattern');
  if (paths.regex) return false;
  return (
    (action.host === '#{host}' || globsOf(conditions, 'host-header').values.includes(action.host)) &&
    (action.path === '/#{path}' || paths.values.includes(action.path)) &&
    (action.port === '#{port}' || action.port === String(port)) &&
    (action.protocol === '#{protocol}' || action.protocol === protocol) &&
    action.query === '#{query}'
  );
}

/** Whether every request that meets `inner` meets `outer`, by comparing host and path values as text. */
function covers(outer: readonly ConditionPlan[], inner: readonly ConditionPlan[]): boolean {
  if (outer.some(({ field }) => field !== 'host-header' && field !== 'path-pattern')) return false;
  const hosts = globsOf(outer, 'host-header').values;
  const paths = globsOf(outer, 'path-pattern').values;
  return (
    (hosts.length === 0 || includesAll(hosts, globsOf(inner, 'host-header').values)) &&
    (paths.length === 0 || paths.includes('/*') || includesAll(paths, globsOf(inner, 'path-pattern').values))
  );
}

function includesAll(outer: readonly string[], inner: readonly string[]): boolean {
  return inner.length > 0 && inner.every((value) => outer.includes(value));
}

function globsOf(
  conditions: readonly ConditionPlan[],
  field: 'host-header' | 'path-pattern',
): { values: readonly string[]; regex: boolean } {
  for (const condition of conditions) if (condition.field === field && 'regex' in condition) return condition;
  return { values: [], regex: false };
}
