/** Listener rules of an Application Load Balancer: by priority, the first whose conditions all hold; of the values of
 *  a condition one is enough. `*` stands for any characters, `?` for one. Paths are compared with case and without the
 *  query string, hosts, headers and query strings without case ("Condition types for listener rules", ELB guide). */
import { type Cidr, contains, formatCidr } from '../addressing/cidr.ts';
import type { Origin } from '../base/origin.ts';
import type { HttpRequest } from '../packet/application.ts';

export type AlbCondition =
  | {
      readonly field: 'host-header' | 'path-pattern';
      readonly values: readonly string[];
      /** The values are regular expressions; absent: patterns. */
      readonly regex?: boolean | undefined;
    }
  | {
      readonly field: 'http-header';
      readonly name: string;
      readonly values: readonly string[];
      readonly regex?: boolean | undefined;
    }
  | { readonly field: 'http-request-method'; readonly values: readonly string[] }
  | {
      readonly field: 'query-string';
      readonly values: readonly { readonly key?: string | undefined; readonly value: string }[];
    }
  | { readonly field: 'source-ip'; readonly values: readonly Cidr[] };

export interface AlbRule<Action> {
  readonly priority: number;
  readonly conditions: readonly AlbCondition[];
  readonly action: Action;
  /** What the rule does besides that the model leaves out: authentication, rewrites. */
  readonly notModelled?: readonly string[] | undefined;
  readonly origin: Origin;
}

/** The number of the first rule whose conditions hold, or -1: the default action. */
export function matchingRule(
  rules: readonly AlbRule<unknown>[],
  request: HttpRequest,
  source: number,
): number {
  for (let i = 0; i < rules.length; i++) if (failingCondition(rules[i]!, request, source) < 0) return i;
  return -1;
}

/** The number of the rule's first condition that does not hold, or -1. */
export function failingCondition(rule: AlbRule<unknown>, request: HttpRequest, source: number): number {
  return rule.conditions.findIndex((condition) => !holds(condition, request, source));
}

function holds(condition: AlbCondition, request: HttpRequest, source: number): boolean {
  switch (condition.field) {
    case 'host-header':
      return any(condition, hostname(request.host), false);
    case 'path-pattern':
      return any(condition, request.path, true);
    case 'http-header': {
      const value = request.headers[condition.name.toLowerCase()];
      return value !== undefined && any(condition, value, false);
    }
    case 'http-request-method':
      return condition.values.includes(request.method);
    case 'query-string':
      return condition.values.some(({ key, value }) =>
        parameters(request.query).some(
          ([name, text]) =>
            (key === undefined || globMatches(key, name, false)) && globMatches(value, text, false),
        ),
      );
    case 'source-ip':
      return condition.values.some((block) => contains(block, source));
  }
}

function any(
  { values, regex }: { readonly values: readonly string[]; readonly regex?: boolean | undefined },
  text: string,
  caseMatters: boolean,
): boolean {
  return values.some((value) =>
    regex ? new RegExp(value, caseMatters ? '' : 'i').test(text) : globMatches(value, text, caseMatters),
  );
}

/** Whether the pattern covers the whole text: `*` any characters or none, `?` exactly one. */
export function globMatches(pattern: string, text: string, caseMatters: boolean): boolean {
  const glob = caseMatters ? pattern : pattern.toLowerCase();
  const subject = caseMatters ? text : text.toLowerCase();
  let at = 0;
  let star = -1;
  let resume = 0;
  let i = 0;
  while (i < subject.length) {
    if (at < glob.length && glob[at] === '*') {
      star = at++;
      resume = i;
    } else if (at < glob.length && (glob[at] === '?' || glob[at] === subject[i])) {
      at++;
      i++;
    } else if (star >= 0) {
      at = star + 1;
      i = ++resume;
    } else return false;
  }
  while (glob[at] === '*') at++;
  return at === glob.length;
}

/** "host-header api.example.com, path-pattern /v1 or /v1/*". */
export function conditionsText(conditions: readonly AlbCondition[]): string {
  return conditions.length === 0 ? 'every request' : conditions.map(conditionText).join(', ');
}

export function conditionText(condition: AlbCondition): string {
  switch (condition.field) {
    case 'http-header':
      return `http-header ${condition.name}: ${condition.values.join(' or ')}`;
    case 'query-string':
      return `query-string ${condition.values.map(({ key, value }) => (key === undefined ? value : `${key}=${value}`)).join(' or ')}`;
    case 'source-ip':
      return `source-ip ${condition.values.map(formatCidr).join(' or ')}`;
    default:
      return `${condition.field} ${condition.values.join(' or ')}`;
  }
}

function hostname(host: string): string {
  return host.replace(/:\d+$/, '');
}

function parameters(query: string): [string, string][] {
  return query.split('&').map((pair) => {
    const equals = pair.indexOf('=');
    return equals < 0 ? [pair, ''] : [pair.slice(0, equals), pair.slice(equals + 1)];
  });
}
