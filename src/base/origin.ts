/** Where a value of the model comes from. Positions in a file are computed only when something is printed. */
import type { Position } from './issue.ts';

export type Origin =
  /** Written by the user: `document` is a key of the loaded sources, `pointer` the path inside it. */
  | { readonly from: 'written'; readonly document: string; readonly pointer: readonly (string | number)[] }
  /** Filled in: `by` says whose default it is ("AWS", "Kubernetes", "EKS", "eksctl", "vpcsim"). */
  | { readonly from: 'defaulted'; readonly by: string; readonly what: string }
  /** Made by a controller out of other objects. */
  | { readonly from: 'derived'; readonly by: string; readonly of: readonly Origin[] }
  /** Read from a dump. */
  | { readonly from: 'dump'; readonly file: string; readonly line: number };

/** Finds the line and column of a written origin. */
export type Locate = (origin: Origin) => Position | undefined;

export function derived(by: string, ...of: readonly (Origin | undefined)[]): Origin {
  return { from: 'derived', by, of: of.filter((origin) => origin !== undefined) };
}

export function defaulted(by: string, what: string): Origin {
  return { from: 'defaulted', by, what };
}

/** The first written or dumped origin behind `origin`: the line a reader should look at. */
export function source(origin: Origin | undefined): Origin | undefined {
  if (origin === undefined || origin.from === 'defaulted') return undefined;
  if (origin.from !== 'derived') return origin;
  for (const parent of origin.of) {
    const found = source(parent);
    if (found) return found;
  }
  return undefined;
}

/** Origins of the objects of one loaded input. Scalars are found by their container and key. */
export class Origins {
  readonly #containers = new WeakMap<object, Origin>();
  readonly #members = new WeakMap<object, Map<string | number, Origin>>();

  set(container: object, origin: Origin): void {
    this.#containers.set(container, origin);
  }

  setMember(container: object, key: string | number, origin: Origin): void {
    let members = this.#members.get(container);
    if (!members) {
      members = new Map();
      this.#members.set(container, members);
    }
    members.set(key, origin);
  }

  /** Origin of `container`, or of its member `key`. */
  of(container: object, key?: string | number): Origin | undefined {
    const own = this.#containers.get(container);
    if (key === undefined) return own;
    const member = this.#members.get(container)?.get(key);
    if (member) return member;
    return own?.from === 'written' ? { ...own, pointer: [...own.pointer, key] } : own;
  }
}
