/** What the kernel says of the targets of rules: which exist, and which work in some tables only (the `table` of each
 *  `struct xt_target`; the kernel refuses others with EINVAL). */
import type { TableName } from '../../host/rules.ts';

const only: Readonly<Record<string, readonly TableName[]>> = {
  REJECT: ['filter'],
  DNAT: ['nat'],
  SNAT: ['nat'],
  MASQUERADE: ['nat'],
  REDIRECT: ['nat'],
  NETMAP: ['nat'],
  CT: ['raw'],
  NOTRACK: ['raw'],
  TPROXY: ['mangle'],
  DSCP: ['mangle'],
  TOS: ['mangle'],
  TTL: ['mangle'],
  HL: ['mangle'],
  ECN: ['mangle'],
  CHECKSUM: ['mangle'],
  TCPOPTSTRIP: ['mangle'],
  SECMARK: ['mangle', 'security'],
  CONNSECMARK: ['mangle', 'security'],
};

const anywhere: ReadonlySet<string> = new Set(
  `ACCEPT DROP RETURN QUEUE AUDIT CLASSIFY CLUSTERIP CONNMARK DNPT FLOWOFFLOAD HMARK IDLETIMER IMQ LED LOG MARK NFLOG
   NFQUEUE RATEEST SET SNPT SYNPROXY TARPIT TCPMSS TEE TRACE ULOG`.split(/\s+/),
);

/** Whether this is the name of a target, so that no chain need have it. */
export function isTarget(name: string): boolean {
  return anywhere.has(name) || Object.hasOwn(only, name);
}

/** The tables that a target is for; undefined for all. */
export function tablesOf(target: string): readonly TableName[] | undefined {
  return Object.hasOwn(only, target) ? only[target] : undefined;
}
