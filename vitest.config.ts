import { defineConfig } from 'vitest/config';

export default defineConfig({
  resolve: {
    conditions: ['@parsimony/source'],
    // Vite would take graphql's index.mjs where Node takes index.js: two copies, whose types do not know each other.
    alias: [{ find: /^graphql$/, replacement: 'graphql/index.js' }],
  },
  ssr: { resolve: { conditions: ['@parsimony/source', 'module', 'node', 'development|production'] } },
  test: {
    include: ['{apps,libs,plugins,tools}/*/{src,test}/**/*.spec.ts'],
    environment: 'node',
    testTimeout: 20_000,
    hookTimeout: 60_000,
    maxWorkers: 2,
  },
});
