/** Ids as AWS forms them, made of our names: the same name always gives the same id. */
import { sha256 } from '../../../src/api/digest.ts';

export const ACCOUNT = '111122223333';
export const REGION = 'us-east-1';

/** "subnet-0" and sixteen digits. */
export function id(prefix: string, name: string): string {
  const digits = [...sha256(`${prefix} ${name}`)].map((byte) => byte.toString(16).padStart(2, '0')).join('');
  return `${prefix}-0${digits.slice(0, 16)}`;
}

export function elbArn(kind: string, path: string): string {
  return `arn:aws:elasticloadbalancing:${REGION}:${ACCOUNT}:${kind}/${path}`;
}

/** Sixteen digits that elbv2 puts behind names. */
export function elbId(name: string): string {
  return id('elb', name).slice(-16);
}
