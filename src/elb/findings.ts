/** What the controller would say in events. Every finding is a warning: the cluster accepts the object, only the load
 *  balancer, a rule or a target is missing, and the rest of the network can still be traced. */
import type { KubeObject } from '../api/objects.ts';
import type { Issue } from '../base/issue.ts';
import { type Locate, type Origin, source } from '../base/origin.ts';

/** `Ingress production/day`. */
export function nameOf(object: KubeObject): string {
  return `${object.kind} ${object.metadata.namespace}/${object.metadata.name}`;
}

/** Findings about the objects of one load balancer. A refusal means that it is not made. */
export class Findings {
  readonly issues: Issue[] = [];
  refused = false;
  readonly #locate: Locate;

  constructor(locate: Locate) {
    this.#locate = locate;
  }

  warn(
    code: string,
    object: KubeObject,
    message: string,
    hint?: string,
    origin: Origin = object.origin,
  ): void {
    const written = source(origin);
    const outer = source(object.origin);
    const at = (written && this.#locate(written)) ?? (outer && this.#locate(outer));
    const text = `${nameOf(object)}: ${message}`;
    if (this.issues.some((issue) => issue.code === code && issue.message === text)) return;
    this.issues.push({ severity: 'warning', code, at, message: text, hint });
  }

  /** The controller gives up with this message: no load balancer for the whole group of objects. */
  refuse(code: string, object: KubeObject, message: string, hint?: string, origin?: Origin): void {
    this.refused = true;
    this.warn(code, object, `no load balancer is made: ${message}`, hint, origin);
  }
}
