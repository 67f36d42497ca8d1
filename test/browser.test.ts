/** The core runs in a browser: `src/index.ts` bundles without anything of Node. */
import { build } from 'esbuild';
import { expect, test } from 'vitest';

test('src/index.ts bundles for the browser', async () => {
  const result = await build({
    entryPoints: ['src/index.ts'],
    bundle: true,
    platform: 'browser',
    format: 'esm',
    write: false,
    logLevel: 'silent',
  });
  expect(result.errors).toEqual([]);
  expect(result.outputFiles[0]!.text).not.toMatch(/from\s*"node:/);
});
