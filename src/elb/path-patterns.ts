/** From Ingress paths to ALB path patterns, and the order of the rules (buildPathPatterns, sortIngressPaths):
 *  Exact as written, then Prefix longest first, then ImplementationSpecific as written. */
import type { IngressPath } from '../api/objects.ts';

const RANK = { Exact: 0, Prefix: 1, ImplementationSpecific: 2 } as const;

/** The paths of one Ingress rule in the order of their ALB rules. */
export function sortPaths(paths: readonly IngressPath[]): IngressPath[] {
  return [...paths].sort(
    (a, b) =>
      RANK[a.pathType] - RANK[b.pathType] || (a.pathType === 'Prefix' ? b.path.length - a.path.length : 0),
  );
}

interface Patterns {
  readonly values: readonly string[];
  readonly regex: boolean;
}

/** The patterns of one path, or what is wrong with it. `regex`: annotation use-regex-path-match. */
export function pathPatterns(path: IngressPath, regex: boolean): Patterns | { readonly fault: string } {
  const { path: text, pathType } = path;
  if (text === '') return { values: [], regex: false };
  if (pathType === 'ImplementationSpecific')
    // Kubernetes wants a leading slash, a regular expression does not.
    return regex ? { values: [text.slice(1)], regex: true } : { values: [text], regex: false };
  if (pathType === 'Prefix' && text === '/') return { values: ['/*'], regex: false };
  if (/[*?]/.test(text))
    return {
      fault: `${pathType === 'Exact' ? 'exact' : 'prefix'} path shouldn't contain wildcards: ${text}`,
    };
  if (pathType === 'Exact') return { values: [text], regex: false };
  const trimmed = text.endsWith('/') ? text.slice(0, -1) : text;
  return { values: [trimmed, `${trimmed}/*`], regex: false };
}
