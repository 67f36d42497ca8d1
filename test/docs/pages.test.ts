/** The documentation says what the program does: its blocks are what the program prints, its links lead somewhere. */
import { existsSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { allDrops } from '../../src/trace/vocabulary.ts';
import { vpcsim } from '../support/console.ts';
import { answer } from './library-example.ts';
import { filled, pages, pathOf, textOf } from './pages.ts';

describe.each(pages)('%s', (page) => {
  test('shows what the program prints now (vitest -u writes it)', async () => {
    await expect(await filled(textOf(page))).toMatchFileSnapshot(pathOf(page));
  });

  test('has links that lead somewhere', async () => {
    const folder = page.includes('/') ? page.slice(0, page.lastIndexOf('/') + 1) : '';
    const dead: string[] = [];
    for (const link of linksOf(await filled(textOf(page)))) {
      const [path = '', anchor] = link.split('#');
      const target = path === '' ? page : new URL(path, `file:///${folder}`).pathname.slice(1);
      const there = pages.includes(target) ? anchorsOf(await filled(textOf(target))) : [];
      if (!existsSync(pathOf(target)) || (anchor !== undefined && !there.includes(anchor))) dead.push(link);
    }
    expect(dead).toEqual([]);
  });

  test('says nothing of the machine it was made on', () => {
    expect(textOf(page)).not.toContain(pathOf(''));
  });
});

test('every drop code has a row and a section', async () => {
  const text = await filled(textOf('docs/drop-codes.md'));
  const missing = allDrops()
    .map(({ code }) => code)
    .filter((code) => !text.includes(`| [\`${code}\`](`) || !text.includes(`### \`${code}\`\n`));
  expect(missing).toEqual([]);
});

test('the two commands of the README exist', () => {
  const { scripts } = JSON.parse(textOf('package.json')) as { scripts: Record<string, string> };
  const named = [...textOf('README.md').matchAll(/npm (?:run )?(demo|test)\b/g)].map(([, name]) => name!);
  expect(new Set(named)).toEqual(new Set(['demo', 'test']));
  expect(named.filter((name) => !(name in scripts))).toEqual([]);
});

test('the library example of the README gives the answer that stands below it', () => {
  const list = answer.map((text) => `'${text}'`).join(', ');
  expect(textOf('README.md')).toContain(`\`answer\` is \`[${list}]\``);
});

test('every command of the help is in docs/cli.md', async () => {
  const { out } = await vpcsim(['--help']);
  const names = [...out.matchAll(/^ {2}vpcsim ([\w-]+)/gm)].map(([, name]) => name!);
  const text = await filled(textOf('docs/cli.md'));
  expect(names.filter((name) => !text.includes(`vpcsim ${name}`))).toEqual([]);
});

describe('the diagrams are drawn by the program', () => {
  test.each([
    ['trace.svg', ['trace', 'internet', 'http://day.example.com/health', '-t', 'day', '-o', 'svg']],
    ['day.svg', ['draw', '-t', 'day']],
    ['capacity.svg', ['capacity', '-t', 'day', '--growth', '5%/week', '-o', 'svg']],
  ])('%s', async (file, args) => {
    const { out, err } = await vpcsim(args);
    expect(err).toBe('');
    await expect(out).toMatchFileSnapshot(pathOf(`docs/images/${file}`));
  });
});

/** Links and pictures inside the repository. */
function linksOf(text: string): string[] {
  const prose = text.replace(/^```[\s\S]*?^```/gm, '');
  return [...prose.matchAll(/\]\(([^)\s]+)\)/g)]
    .map(([, link]) => link!)
    .filter((link) => !/^https?:/.test(link));
}

/** The headings, as GitHub turns them into anchors. */
function anchorsOf(text: string): string[] {
  const prose = text.replace(/^```[\s\S]*?^```/gm, '');
  return [...prose.matchAll(/^#+ (.+)$/gm)].map(([, title]) =>
    title!
      .toLowerCase()
      .replace(/[^\p{L}\p{N}\s_-]/gu, '')
      .replaceAll(' ', '-'),
  );
}

test('what docs/fidelity.md calls unsure is in the file it names', () => {
  const rows = [...textOf('docs/fidelity.md').matchAll(/^\| `(\w+)` +\| (src\/\S+\.ts) *\|/gm)];
  expect(rows.length).toBeGreaterThan(8);
  expect(rows.filter(([, name, file]) => !textOf(file!).includes(name!)).map(([, name]) => name)).toEqual([]);
});

test('files of src that pages name exist', () => {
  const named = pages.flatMap((page) => textOf(page).match(/\bsrc\/[\w/-]+\.ts\b/g) ?? []);
  expect(named.filter((file) => !existsSync(pathOf(file)))).toEqual([]);
});
