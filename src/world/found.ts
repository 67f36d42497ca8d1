/** The answer to "what does this word mean here": a value, or the issue to show. */
import type { Issue } from '../base/issue.ts';

export type Found<T> =
  | { readonly ok: true; readonly value: T }
  | { readonly ok: false; readonly issue: Issue };

export const found = <T>(value: T): Found<T> => ({ ok: true, value });
export const missing = (code: string, message: string, hint?: string): { ok: false; issue: Issue } => ({
  ok: false,
  issue: { severity: 'error', code, message, hint },
});
