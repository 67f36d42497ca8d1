/** Ranges of ports, and of whatever else rules write as "low:high". */
import { FREE_PORT_FIRST, FREE_PORT_LAST } from '../../packet/packet.ts';
import { type Answer, answer, MAYBE_NO, MAYBE_YES, NO, YES } from './module.ts';

/** "80" or "30000:32767"; either end of a range may be left out. */
export function parseNumberRange(text: string, highest: number): readonly [number, number] | undefined {
  const [first, last, ...rest] = text.split(':');
  const low = first === '' ? 0 : Number(first);
  const high = last === undefined ? low : last === '' ? highest : Number(last);
  const sound = /^(\d+|\d*:\d*)$/.test(text) && rest.length === 0;
  return sound && low <= high && high <= highest ? [low, high] : undefined;
}

/** Ports of the services that rules call by name (/etc/services). */
const services: Readonly<Record<string, number>> = {
  ftp: 21,
  ssh: 22,
  telnet: 23,
  smtp: 25,
  domain: 53,
  bootps: 67,
  bootpc: 68,
  tftp: 69,
  http: 80,
  www: 80,
  kerberos: 88,
  pop3: 110,
  sunrpc: 111,
  auth: 113,
  ntp: 123,
  'netbios-ns': 137,
  'netbios-dgm': 138,
  'netbios-ssn': 139,
  imap2: 143,
  snmp: 161,
  'snmp-trap': 162,
  bgp: 179,
  ldap: 389,
  https: 443,
  'microsoft-ds': 445,
  isakmp: 500,
  syslog: 514,
  ldaps: 636,
  domains: 853,
  imaps: 993,
  pop3s: 995,
  mysql: 3306,
  postgresql: 5432,
  mdns: 5353,
  'http-alt': 8080,
};

/** "80", "http" or "30000:32767". */
export function parsePorts(text: string): readonly [number, number] | undefined {
  const named = text.split(':').map((part) => services[part.toLowerCase()] ?? part);
  return parseNumberRange(named.join(':'), 65535);
}

/** "80" or "30000:32767". */
export const printPorts = (low: number, high: number): string => (low === high ? `${low}` : `${low}:${high}`);

/** Whether a port lies in a range; a free port stands for all of 1024 to 65535. */
export function within(port: number, free: number, low: number, high: number): Answer {
  const inside = port >= low && port <= high;
  if (free === 0) return answer(inside);
  if (low <= FREE_PORT_FIRST && high >= FREE_PORT_LAST) return YES;
  if (high < FREE_PORT_FIRST) return NO;
  return inside ? MAYBE_YES : MAYBE_NO;
}
