/** Values of the VPC CNI's settings that it does not take: most count as the default, which is how a slip goes unnoticed;
 *  with some aws-node ends at once, so that no pod gets a network (amazon-vpc-cni-k8s cmd/aws-vpc-cni validateEnvVars). */
import { parseCidr } from '../../addressing/cidr.ts';
import { connmark, isFlag, isVethPrefix } from '../../cni/environment.ts';
import type { Reading } from '../reading.ts';

/** Why a value is not taken, and what holds instead. */
interface Refusal {
  readonly why: string;
  /** Absent: aws-node ends. */
  readonly instead?: string;
}

type Check = (text: string) => Refusal | undefined;

const flag =
  (usual: boolean): Check =>
  (text) =>
    isFlag(text) ? undefined : { why: 'is no truth value', instead: String(usual) };

const whole: Check = (text) =>
  /^\d+$/.test(text.trim()) ? undefined : { why: 'is no whole number', instead: 'the default' };

const within =
  (low: number, high: number): Check =>
  (text) =>
    /^\d+$/.test(text) && Number(text) >= low && Number(text) <= high
      ? undefined
      : { why: `is no whole number from ${low} to ${high}` };

const blocks: Check = (text) => {
  const bad = text
    .split(',')
    .find((part) => !isBlock(part.trim()))
    ?.trim();
  if (text === '' || bad === undefined) return undefined;
  const why = bad.includes(':')
    ? `has a block of IPv6, ${bad}`
    : `has ${JSON.stringify(bad)}, which is no block`;
  return { why, instead: 'the other blocks' };
};

/** Host bits are cleared. */
function isBlock(text: string): boolean {
  const parsed = parseCidr(text);
  return !('fault' in parsed) || parsed.canonical !== undefined;
}

const checks: Readonly<Record<string, Check>> = {
  AWS_EXTERNAL_SERVICE_CIDRS: blocks,
  AWS_VPC_CNI_NODE_PORT_SUPPORT: flag(true),
  AWS_VPC_ENI_MTU: within(576, 9001),
  AWS_VPC_K8S_CNI_CONNMARK: (text) =>
    text === '' || connmark(text) !== undefined
      ? undefined
      : { why: 'is no positive number of 32 bits', instead: '0x80' },
  AWS_VPC_K8S_CNI_CUSTOM_NETWORK_CFG: flag(false),
  AWS_VPC_K8S_CNI_EXCLUDE_SNAT_CIDRS: blocks,
  AWS_VPC_K8S_CNI_EXTERNALSNAT: flag(false),
  AWS_VPC_K8S_CNI_RANDOMIZESNAT: (text) =>
    ['', 'prng', 'hashrandom', 'none'].includes(text)
      ? undefined
      : { why: 'is none of prng, hashrandom and none', instead: 'prng' },
  AWS_VPC_K8S_CNI_VETHPREFIX: (text) =>
    isVethPrefix(text) ? undefined : { why: 'is not 1 to 4 characters other than eth, lo and vlan' },
  AWS_VPC_K8S_PLUGIN_LOG_FILE: (text) => (text === 'stdout' ? { why: 'cannot be stdout' } : undefined),
  DISABLE_TCP_EARLY_DEMUX: flag(false),
  ENABLE_IPv6: flag(false),
  ENABLE_MULTI_NIC: flag(false),
  ENABLE_POD_ENI: flag(false),
  ENABLE_PREFIX_DELEGATION: flag(false),
  IP_COOLDOWN_PERIOD: within(0, Number.MAX_SAFE_INTEGER),
  MAX_ENI: whole,
  MINIMUM_IP_TARGET: whole,
  POD_MTU: within(576, 9001),
  WARM_ENI_TARGET: whole,
  WARM_IP_TARGET: whole,
  WARM_PREFIX_TARGET: whole,
};

/** Tells a value of `env` that the CNI does not take. */
export function checkCniValue(reading: Reading, env: object, key: string, text: string): void {
  const refusal = Object.hasOwn(checks, key) ? checks[key]!(text) : undefined;
  if (!refusal) return;
  const value = `${key} ${JSON.stringify(text)} ${refusal.why}`;
  const at = reading.of(env, key);
  if (refusal.instead === undefined)
    reading.error(at, {
      code: 'cni/bad-value',
      message: `${value}: with it aws-node ends at once, and no pod gets a network`,
    });
  else
    reading.warn(at, {
      code: 'cni/ignored-value',
      message: `${value}: the VPC CNI takes ${refusal.instead}`,
    });
}
