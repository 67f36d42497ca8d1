import { defineConfig } from 'vitest/config';

const testTimeout = 20_000;
// These define drop codes and words of their own, which the lists of all codes must not see.
const ownWords = ['test/trace/**/*.test.ts'];

export default defineConfig({
  test: {
    projects: [
      {
        test: {
          name: 'facts',
          include: ['test/**/*.test.ts'],
          exclude: ownWords,
          testTimeout,
          isolate: false,
        },
      },
      { test: { name: 'engine', include: ownWords, testTimeout } },
    ],
  },
});
