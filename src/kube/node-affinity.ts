/** Which nodes a pod may go to by labels: nodeSelector AND required node affinity, whose terms are OR-ed and whose
 *  expressions inside a term are AND-ed (component-helpers nodeaffinity). A term without expressions matches nothing. */
import type { NodeSelectorTerm, PodSpec } from '../api/objects.ts';
import { hasLabels, type Labels, satisfiesAll } from '../api/selectors.ts';

/** The field that a DaemonSet's pods are tied to their node by; the API keeps it apart from labels (matchFields). */
const NODE_NAME_FIELD = 'metadata.name';

export interface LabelledNode {
  readonly name: string;
  readonly labels: Labels;
}

export function matchesNode(spec: PodSpec, node: LabelledNode): boolean {
  if (!hasLabels(spec.nodeSelector, node.labels)) return false;
  if (spec.requiredNodeTerms.length === 0) return true;
  return spec.requiredNodeTerms.some((term) => matchesTerm(term, node));
}

function matchesTerm(term: NodeSelectorTerm, node: LabelledNode): boolean {
  if (term.matchExpressions.length === 0) return false;
  const fields = { [NODE_NAME_FIELD]: node.name };
  return term.matchExpressions.every((expression) =>
    satisfiesAll([expression], expression.key === NODE_NAME_FIELD ? fields : node.labels),
  );
}

/** The same terms, each also tied to one node, as the DaemonSet controller does for its pods. */
export function tiedToNode(terms: readonly NodeSelectorTerm[], node: string): NodeSelectorTerm[] {
  const field = { key: NODE_NAME_FIELD, operator: 'In', values: [node] } as const;
  if (terms.length === 0) return [{ matchExpressions: [field] }];
  return terms.map((term) => ({ matchExpressions: [...term.matchExpressions, field] }));
}

/** Names of the only nodes worth looking at where every term names some; the scheduler then passes over the others
 *  without a reason (NodeAffinity PreFilter). */
export function namedNodes(spec: PodSpec): ReadonlySet<string> | undefined {
  if (spec.requiredNodeTerms.length === 0) return undefined;
  const names = new Set<string>();
  for (const term of spec.requiredNodeTerms) {
    const fields = term.matchExpressions.filter(
      ({ key, operator }) => key === NODE_NAME_FIELD && operator === 'In',
    );
    if (fields.length === 0) return undefined;
    for (const field of fields) for (const name of field.values) names.add(name);
  }
  return names;
}
