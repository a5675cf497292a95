import { defineConfig } from 'vitest/config';

export default defineConfig({
  resolve: { conditions: ['@parsimony/source'] },
  ssr: { resolve: { conditions: ['@parsimony/source', 'module', 'node', 'development|production'] } },
  test: {
    include: ['{apps,libs,plugins,tools}/*/{src,test}/**/*.spec.ts'],
    environment: 'node',
    testTimeout: 20_000,
    hookTimeout: 60_000,
    maxWorkers: 2,
  },
});
