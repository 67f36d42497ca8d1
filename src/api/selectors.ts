/** Label selectors (Kubernetes "Labels and Selectors"): every requirement must hold, an empty selector holds for all.
 *  A missing label satisfies NotIn and DoesNotExist. Gt and Lt compare integers and occur in node selectors only. */
import type { LabelSelector, SelectorExpression } from './objects.ts';

export type Labels = Readonly<Record<string, string>>;

/** Whether `labels` satisfy the whole selector. */
export function selects(selector: LabelSelector, labels: Labels): boolean {
  return hasLabels(selector.matchLabels, labels) && satisfiesAll(selector.matchExpressions, labels);
}

/** Whether `labels` contain every wanted pair: the selector of a Service, or a nodeSelector. */
export function hasLabels(wanted: Labels, labels: Labels): boolean {
  for (const key in wanted) if (labels[key] !== wanted[key]) return false;
  return true;
}

export function satisfiesAll(expressions: readonly SelectorExpression[], labels: Labels): boolean {
  return expressions.every((expression) => satisfies(expression, labels));
}

function satisfies(expression: SelectorExpression, labels: Labels): boolean {
  const value = labels[expression.key];
  switch (expression.operator) {
    case 'In':
      return value !== undefined && expression.values.includes(value);
    case 'NotIn':
      return value === undefined || !expression.values.includes(value);
    case 'Exists':
      return value !== undefined;
    case 'DoesNotExist':
      return value === undefined;
    case 'Gt':
      return compare(value, expression.values) > 0;
    case 'Lt':
      return compare(value, expression.values) < 0;
  }
}

/** NaN, which is neither above nor below, where either side is no integer. */
function compare(value: string | undefined, values: readonly string[]): number {
  const bound = values[0];
  const integer = /^[+-]?\d+$/;
  if (value === undefined || bound === undefined || !integer.test(value) || !integer.test(bound)) return NaN;
  return Number(value) - Number(bound);
}
