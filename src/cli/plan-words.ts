/** The words of `vpcsim capacity --plan` as a request. */
import { type Cidr, cidr, formatCidr, parseCidr } from '../addressing/cidr.ts';
import type { PlanRequest } from '../analysis/plan/demand.ts';
import { InputError, type Issue } from '../base/issue.ts';
import { type InstanceType, instanceType, similarInstanceTypes } from '../cni/instance-types.ts';
import { usualServiceCidr } from '../io/topology/service-range.ts';
import { type PlanArgs, planDefaults } from './plan-options.ts';

/** Throws InputError with all that is wrong. */
export function planRequest(args: PlanArgs): PlanRequest {
  const words = new Words();
  const vpcCidrs = words.blocks('vpc-cidr', args.vpcCidr ?? [planDefaults.vpcCidr]);
  const request: PlanRequest = {
    nodes: words.number('nodes', one(words, args.nodes), 1, 100_000),
    pods: words.number('pods', args.pods, 0, 1_000_000),
    zones: words.number('zones', args.zones, 2, 6, planDefaults.zones),
    region: words.region(args.region ?? planDefaults.region),
    type: words.type(args.instanceType ?? planDefaults.instanceType),
    maxPods: args.maxPods === undefined ? undefined : words.number('max-pods', args.maxPods, 1, 1000),
    prefixDelegation: args.prefixDelegation ?? false,
    customNetworking: args.customNetworking ?? false,
    cni: words.settings(args.cni ?? []),
    vpcCidrs,
    podCidrs: words.blocks('pod-cidr', args.podCidr ?? [planDefaults.podCidr]),
    serviceCidr:
      args.serviceCidr === undefined
        ? usualServiceCidr(vpcCidrs)
        : (words.blocks('service-cidr', [args.serviceCidr])[0] ?? usualServiceCidr(vpcCidrs)),
    margin: words.fraction('margin', args.margin ?? planDefaults.margin),
    surge: words.fraction('surge', args.surge ?? planDefaults.surge),
    access: args.access ?? planDefaults.access,
    loadBalancers: {
      public: words.number('load-balancers', args.loadBalancers, 0, 1000, planDefaults.loadBalancers),
      internal: words.number('internal-load-balancers', args.internalLoadBalancers, 0, 1000, 0),
    },
    survivesZoneLoss: args.surviveZoneLoss ?? false,
    eniQuota: words.number('eni-quota', args.eniQuota, 1, 1_000_000, planDefaults.eniQuota),
  };
  words.check();
  return request;
}

function one(words: Words, given: readonly string[] | undefined): string | undefined {
  if (given && given.length > 1) words.wrong('usage/bad-number', '--nodes is given more than once');
  return given?.[0];
}

/** Reads words and keeps what is wrong with them. */
class Words {
  readonly #issues: Issue[] = [];

  wrong(code: string, message: string, hint?: string): void {
    this.#issues.push({ severity: 'error', code, message, hint });
  }

  check(): void {
    if (this.#issues.length > 0) throw new InputError(this.#issues);
  }

  number(option: string, text: string | undefined, least: number, most: number, usual?: number): number {
    if (text === undefined && usual !== undefined) return usual;
    if (text === undefined) {
      this.wrong(
        'usage/missing',
        `--plan needs --${option}`,
        `vpcsim capacity --plan --nodes 50 --pods 1500`,
      );
      return least;
    }
    const number = /^\d{1,9}$/.test(text) ? Number(text) : Number.NaN;
    if (number >= least && number <= most) return number;
    this.wrong('usage/bad-number', `--${option} "${text}" is no whole number from ${least} to ${most}`);
    return least;
  }

  /** "30%" or "0.3". */
  fraction(option: string, text: string): number {
    const [, digits, sign] = /^(\d{1,4}(?:\.\d+)?)(%?)$/.exec(text) ?? [];
    const fraction = digits === undefined ? Number.NaN : Number(digits) / (sign ? 100 : 1);
    if (fraction >= 0 && fraction <= 10) return fraction;
    this.wrong('usage/bad-number', `--${option} "${text}" is no share from 0% to 1000%`, 'write 30%');
    return 0;
  }

  blocks(option: string, texts: readonly string[]): readonly Cidr[] {
    const blocks = texts.flatMap((text): Cidr[] => {
      const parsed = parseCidr(text);
      if (!('fault' in parsed)) return [parsed];
      const hint = parsed.canonical ? `did you mean ${formatCidr(parsed.canonical)}?` : 'write 10.0.0.0/16';
      this.wrong(parsed.fault, `--${option} "${text}" is no block`, hint);
      return [];
    });
    return blocks.length > 0 ? blocks : [cidr(planDefaults.vpcCidr)];
  }

  region(text: string): string {
    if (!/^[a-z]{2}(-[a-z]+)+-\d$/.test(text))
      this.wrong('usage/bad-region', `--region "${text}" is no Region`, 'write us-east-1');
    return text;
  }

  type(name: string): InstanceType {
    const known = instanceType(name);
    if (known) return known;
    const close = similarInstanceTypes(name);
    this.wrong(
      'usage/unknown-instance-type',
      `there is no instance type ${name}`,
      close.length > 0 ? `did you mean ${close.join(', ')}?` : undefined,
    );
    return instanceType(planDefaults.instanceType)!;
  }

  settings(texts: readonly string[]): Readonly<Record<string, string>> {
    const settings: [string, string][] = [];
    for (const text of texts) {
      const equals = text.indexOf('=');
      if (equals > 0) settings.push([text.slice(0, equals), text.slice(equals + 1)]);
      else this.wrong('usage/bad-setting', `--cni "${text}"`, 'write NAME=VALUE, such as WARM_IP_TARGET=5');
    }
    return Object.fromEntries(settings);
  }
}
