/** Files of cases: JSON, read strictly. What does not fit the format is an issue with its place; a field that the format
 *  does not have would be an expectation that nobody checks. */
import { readFileSync } from 'node:fs';
import { LineCounter, type ParsedNode, parseDocument } from 'yaml';
import type * as z from 'zod';
import { InputError, type Issue, type Position } from '../index.ts';

/** More issues of one file are not told. */
const MOST_TOLD = 20;

/** The cases of a file in the format of `schema`; throws InputError. */
export function readCases<T>(path: string, schema: z.ZodType<T>): T {
  const text = textOf(path);
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (error) {
    throw new InputError([malformed(path, text, error)]);
  }
  const parsed = schema.safeParse(value);
  if (parsed.success) return parsed.data;
  const locate = locator(path, text);
  throw new InputError(
    parsed.error.issues.slice(0, MOST_TOLD).flatMap((issue): Issue[] => {
      const within = issue.path as (string | number)[];
      if (issue.code !== 'unrecognized_keys')
        return [
          {
            severity: 'error',
            code: 'cases/format',
            at: locate(within),
            message: `${within.join('.') || 'the file'}: ${issue.message}`,
          },
        ];
      return issue.keys.map((key) => ({
        severity: 'error',
        code: 'cases/unknown-field',
        at: locate([...within, key]),
        message: `${[...within, key].join('.')}: the format has no such field`,
      }));
    }),
  );
}

function textOf(path: string): string {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(readFileSync(path));
  } catch (error) {
    const cause = (error as NodeJS.ErrnoException).code;
    const message =
      cause === 'ENOENT' ? `there is no file ${path}` : `cannot read ${path}: ${(error as Error).message}`;
    throw new InputError([
      { severity: 'error', code: cause === 'ENOENT' ? 'io/not-found' : 'io/unreadable', message },
    ]);
  }
}

function malformed(path: string, text: string, error: unknown): Issue {
  const offset = Number(/position (\d+)/.exec((error as Error).message)?.[1] ?? text.length);
  const before = text.slice(0, offset).split('\n');
  const at = { file: path, line: before.length, column: before.at(-1)!.length + 1 };
  return { severity: 'error', code: 'cases/not-json', at, message: `${path} is not JSON` };
}

/** Where a value stands: JSON is YAML too, whose parser keeps the places. */
function locator(path: string, text: string): (within: readonly (string | number)[]) => Position {
  const lines = new LineCounter();
  const document = parseDocument(text, { lineCounter: lines, uniqueKeys: false });
  return (within) => {
    for (let length = within.length; length >= 0; length--) {
      const node = document.getIn(within.slice(0, length), true) as ParsedNode | undefined;
      if (!node?.range) continue;
      const { line, col } = lines.linePos(node.range[0]);
      return { file: path, line, column: col };
    }
    return { file: path, line: 1, column: 1 };
  };
}
