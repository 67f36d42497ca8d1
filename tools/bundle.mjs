/** Bundles the program: one file to load in place of some hundreds, its libraries included, so that it starts quickly.
 *  Renderers that only some runs need stay apart and are loaded when asked for. The libraries' licences go with them. */
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { build } from 'esbuild';

const folder = 'dist/bin';

/** zod carries its messages in forty languages; ours are our own. */
const withoutLocales = {
  name: 'without locales',
  setup(builder) {
    builder.onResolve({ filter: /locales\/index\.js$/ }, ({ importer }) =>
      importer.includes('zod') ? { path: 'none', namespace: 'empty' } : undefined,
    );
    builder.onLoad({ filter: /.*/, namespace: 'empty' }, () => ({ contents: 'export {}' }));
  },
};

/** string-width, which yargs lays out its help with, makes a segmenter as it is loaded, which takes some ten
 *  milliseconds. */
const segmenterWhenAsked = {
  name: 'segmenter when asked',
  setup(builder) {
    builder.onLoad({ filter: /string-width\/index\.js$/ }, ({ path }) => {
      const text = readFileSync(path, 'utf8');
      const made = 'const segmenter = new Intl.Segmenter();';
      if (!text.includes(made)) throw new Error(`${path}: "${made}" is not in it any more`);
      const later = 'const segmenter = { segment: (text) => new Intl.Segmenter().segment(text) };';
      return { contents: text.replace(made, later) };
    });
  },
};

const { metafile } = await build({
  entryPoints: ['src/cli/main.ts'],
  bundle: true,
  splitting: true,
  platform: 'node',
  target: 'node20',
  format: 'esm',
  outdir: folder,
  external: ['linkedom', 'd3'],
  // The same without a look at the environment for each token, and without what nobody uses.
  alias: { yaml: './node_modules/yaml/browser/dist/index.js' },
  minifySyntax: true,
  minifyWhitespace: true,
  minifyIdentifiers: true,
  plugins: [withoutLocales, segmenterWhenAsked],
  metafile: true,
  logLevel: 'warning',
  // Some libraries are CommonJS and ask for modules of Node.
  banner: {
    js: "import { createRequire as requireFrom } from 'node:module'; const require = requireFrom(import.meta.url);",
  },
});

const packages = new Set(
  Object.keys(metafile.inputs).flatMap(
    (path) => /node_modules\/((?:@[^/]+\/)?[^/]+)\//.exec(path)?.[1] ?? [],
  ),
);
const notices = [...packages].sort().map((name) => {
  const root = join('node_modules', name);
  const file = readdirSync(root).find((entry) => /^licen[cs]e/i.test(entry));
  const { version, license } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));
  return `${name} ${version} (${license})\n\n${file ? readFileSync(join(root, file), 'utf8').trim() : ''}\n`;
});
writeFileSync(join(folder, 'THIRD-PARTY-LICENSES.txt'), notices.join(`\n${'-'.repeat(80)}\n\n`));
