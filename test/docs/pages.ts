/** The pages of the documentation, and how the blocks in them are filled: what stands between
 *  `<!-- made by: X -->` and `<!-- end -->` is what X gives now. `npx vitest run test/docs -u` writes them anew. */
import { readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { conformanceSession } from './conformance-session.ts';
import { session } from './session.ts';
import { awsCodes } from './tables/aws-codes.ts';
import { helpOfEveryCommand } from './tables/commands.ts';
import { devicesAndLimits } from './tables/devices.ts';
import { dropCodes } from './tables/drop-codes.ts';
import { listings } from './tables/listings.ts';
import { shippedTopologies } from './tables/shipped.ts';
import { topologyKeys } from './tables/topology-keys.ts';

const root = new URL('../../', import.meta.url);

export const pathOf = (page: string): string => fileURLToPath(new URL(page, root));
export const textOf = (page: string): string => readFileSync(new URL(page, root), 'utf8');

/** Paths from the root of the repository. */
export const pages: readonly string[] = [
  'README.md',
  ...readdirSync(new URL('docs', root))
    .filter((name) => name.endsWith('.md'))
    .sort()
    .map((name) => `docs/${name}`),
];

const makers: Readonly<Record<string, (rest: string) => string | Promise<string>>> = {
  vpcsim: (rest) => fenced('console', session(`vpcsim ${rest}`)),
  conformance: (rest) => fenced('console', conformanceSession(rest)),
  file: (path) => fenced(languageOf(path), textOf(path).trimEnd()),
  'library-example': () => fenced('ts', libraryExample()),
  'drop-codes': dropCodes,
  'aws-codes': awsCodes,
  commands: helpOfEveryCommand,
  devices: devicesAndLimits,
  listings,
  'shipped-topologies': shippedTopologies,
  'topology-keys': topologyKeys,
};

const block = /(<!-- made by: (\S+) ?(.*?) -->\n)[\s\S]*?(<!-- end -->)/g;

const known = new Map<string, Promise<string>>();

/** A page as it should be: every block filled by what its first line names. */
export function filled(text: string): Promise<string> {
  const page = known.get(text) ?? fill(text);
  known.set(text, page);
  return page;
}

async function fill(text: string): Promise<string> {
  const made: string[] = [];
  for (const [, , maker, rest] of text.matchAll(block)) {
    const make = makers[maker!];
    if (!make) throw new Error(`no maker named ${maker}: ${Object.keys(makers).join(', ')}`);
    made.push(await make(rest!));
  }
  let number = 0;
  return text.replace(
    block,
    (_, start: string, _maker, _rest, end: string) => `${start}${made[number++]}\n${end}`,
  );
}

async function fenced(language: string, text: string | Promise<string>): Promise<string> {
  return `\`\`\`${language}\n${(await text).trimEnd()}\n\`\`\``;
}

function languageOf(path: string): string {
  return path.slice(path.lastIndexOf('.') + 1);
}

/** The example of the README, which a test runs: there it imports what is built from here. */
function libraryExample(): string {
  return textOf('test/docs/library-example.ts').replace("'../../src/index.ts'", "'vpcsim'").trimEnd();
}
