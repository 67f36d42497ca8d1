/** Places in JSON text. */
import { expect, test } from 'vitest';
import { parseJson } from '../../../src/io/json/document.ts';

const placeOf = (text: string, pointer: (string | number)[], part: 'value' | 'key' = 'value', number = 0) => {
  const document = parseJson('a.json', text).documents[number]!;
  const { line, column } = document.positionAt(document.offsetOf(pointer, part));
  return `${line}:${column}`;
};

const text = `{
  "a\\"]": [1, "x,}", {"b": {"c": [true, null]}}],
  "d": -1.5e3
}
{"second": "document"}`;

test('members and elements are found past texts that look like brackets', () => {
  expect(placeOf(text, ['d'])).toBe('3:8');
  expect(placeOf(text, ['d'], 'key')).toBe('3:3');
  expect(placeOf(text, ['second'], 'value', 1)).toBe('5:12');
});

test('documents may have the line between them that YAML has', () => {
  expect(parseJson('a.json', '{}\n---\n[1]\n---\n').documents.map(({ value }) => value)).toEqual([{}, [1]]);
});

test('a place that is not there is the nearest one above it', () => {
  expect(placeOf(text, ['d', 'e', 4])).toBe('3:8');
  expect(placeOf('[[1, 2], [3]]', [1, 7])).toBe('1:10');
});

test('elements are found in any order', () => {
  const list = `[${Array.from({ length: 50 }, (_, i) => `\n{"i": ${i}}`).join(',')}]`;
  const document = parseJson('a.json', list).documents[0]!;
  for (const index of [49, 0, 25, 26])
    expect(document.positionAt(document.offsetOf([index, 'i'], 'value')).line).toBe(index + 2);
});

test('what is no JSON is told with its place', () => {
  const issues = (source: string) =>
    parseJson('a.json', source).issues.map(({ code, at }) => `${code} ${at!.line}:${at!.column}`);
  for (const cut of ['{"a": [1, 2', '{"a": "text', '{"a": "text\\\\', '{"a": tru', '{"a":', '{"a'])
    expect(issues(cut)).toEqual([`json/truncated 1:${cut.length + 1}`]);
  expect(issues('{"a": 1}\n{"b": nope}')).toEqual(['json/syntax 2:7']);
  expect(issues(`${'['.repeat(300)}${']'.repeat(300)}`)).toEqual(['json/too-deep 1:1']);
  expect(issues('')).toEqual([]);
});
