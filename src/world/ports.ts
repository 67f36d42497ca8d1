/** Port numbers as people write them. */
import type { Issue } from '../base/issue.ts';
import { missing } from './found.ts';

export function badPort(text: string): { ok: false; issue: Issue } {
  return missing('usage/bad-port', `"${text}": the port is a number from 1 to 65535`);
}

export function portNumber(text: string): number {
  const port = /^\d{1,5}$/.test(text) ? Number(text) : Number.NaN;
  return port >= 1 && port <= 65535 ? port : Number.NaN;
}
