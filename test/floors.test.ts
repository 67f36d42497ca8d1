/** Folders are floors: imports go down only, and folders of one floor do not import each other. */
import { readdirSync, readFileSync, statSync } from 'node:fs';
import { dirname, join, relative, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';

const src = resolve(dirname(fileURLToPath(import.meta.url)), '../src');

const floors: Readonly<Record<string, number>> = {
  base: 0,
  addressing: 0,
  packet: 1,
  trace: 2,
  api: 3,
  vpc: 4,
  host: 4,
  cni: 5,
  kube: 5,
  elb: 5,
  world: 6,
  io: 7,
  analysis: 8,
  render: 9,
  cli: 10,
  conformance: 10,
};

function files(folder: string): string[] {
  return readdirSync(folder).flatMap((name) => {
    const path = join(folder, name);
    return statSync(path).isDirectory() ? files(path) : path.endsWith('.ts') ? [path] : [];
  });
}

const modules = files(src).map((path) => ({
  name: relative(src, path),
  imports: [...readFileSync(path, 'utf8').matchAll(/(?:from|import)\s*\(?\s*'([^']+)'/g)].map(
    (match) => match[1]!,
  ),
}));

test('imports go down only, and folders of one floor do not import each other', () => {
  const wrong: string[] = [];
  for (const { name, imports } of modules) {
    const from = name.split('/')[0]!;
    if (!name.includes('/')) continue;
    for (const specifier of imports.filter((path) => path.startsWith('.'))) {
      const to = relative(src, resolve(src, dirname(name), specifier)).split('/')[0]!;
      if (to === from || to === 'base' || (to === 'index.ts' && from === 'conformance')) continue;
      if (!(floors[to]! < floors[from]!) && !(to === 'addressing' && floors[from]! > 0))
        wrong.push(`${name} imports ${specifier}`);
    }
  }
  expect(wrong).toEqual([]);
});

test('every folder of src is a floor', () => {
  const folders = readdirSync(src).filter((name) => statSync(join(src, name)).isDirectory());
  expect(folders.filter((name) => !(name in floors))).toEqual([]);
});

test('suites of cases see what a user sees: the public interface, and not the parts that decide', () => {
  const wrong = modules
    .filter(({ name }) => name.startsWith('conformance/'))
    .flatMap(({ name, imports }) =>
      imports
        .filter((path) => path.startsWith('.'))
        .map((path) => relative(src, resolve(src, dirname(name), path)))
        .filter((path) => path !== 'index.ts' && !path.startsWith('conformance/'))
        .map((path) => `${name} imports ${path}`),
    );
  expect(wrong).toEqual([]);
});

test('only the command line and the conformance runner touch node: modules', () => {
  const wrong = modules.filter(
    ({ name, imports }) =>
      !/^(cli|conformance)\//.test(name) && imports.some((path) => path.startsWith('node:')),
  );
  expect(wrong.map(({ name }) => name)).toEqual([]);
});
