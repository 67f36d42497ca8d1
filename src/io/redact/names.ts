/** New names for old ones, the same for the same in all files of one input. */

/** Names that say nothing of anybody, or that mean something by themselves. */
const kept: ReadonlySet<string> = new Set([
  'default',
  'kube-system',
  'kube-public',
  'kube-node-lease',
  'kubernetes',
  'kube-dns',
  'coredns',
  'aws-node',
  'kube-proxy',
  'aws-load-balancer-controller',
  'amazon-vpc-cni',
  'kube-proxy-config',
  'alb',
  'owned',
  'shared',
  'true',
  'false',
]);

export class Names {
  readonly #names = new Map<string, string>();
  readonly #accounts = new Map<string, string>();

  /** What stands for a name; numbers and empty texts stay. */
  of(name: string): string {
    if (kept.has(name) || /^\d*$/.test(name)) return name;
    return take(this.#names, name, (count) => `name-${count}`);
  }

  /** Each part of a path such as `namespace/name` by itself. */
  ofPath(path: string): string {
    return path
      .split('/')
      .map((part) => this.of(part))
      .join('/');
  }

  /** Every account number in a text, also inside of ARNs and registries. */
  withoutAccounts(text: string): string {
    return text.replace(/(?<!\d)\d{12}(?!\d)/g, (account) =>
      take(this.#accounts, account, (count) => String(count).padStart(12, '0')),
    );
  }
}

function take(map: Map<string, string>, key: string, make: (count: number) => string): string {
  const known = map.get(key);
  if (known !== undefined) return known;
  const made = make(map.size + 1);
  map.set(key, made);
  return made;
}
