import { createProjectGraphAsync } from '@nx/devkit';
import nx from '@nx/eslint-plugin';
import { defineConfig } from 'eslint/config';
import tseslint from 'typescript-eslint';
import { boundaryOptions, PLUGIN_SPEC_IMPORTS, SPEC_IMPORTS } from './tools/boundaries/src/arrows.ts';

// Without a graph in its cache, Nx's rule skips every file with no more than a warning.
await createProjectGraphAsync({ exitOnError: true });

const SPECS = ['**/*.spec.ts', '*/*/test/**/*.ts'];

export default defineConfig(
  { ignores: ['**/dist/', '**/fixtures/', '.nx/', '.parsimony/'] },
  {
    files: ['**/*.ts'],
    extends: [tseslint.configs.recommendedTypeChecked],
    languageOptions: {
      // One program of all sources and specs: needs no build, and checks each file once.
      parserOptions: { project: ['./tsconfig.spec.json'], tsconfigRootDir: import.meta.dirname },
    },
    linterOptions: { reportUnusedDisableDirectives: 'error' },
    rules: {
      eqeqeq: ['error', 'always', { null: 'ignore' }],
      '@typescript-eslint/consistent-type-imports': 'error',
      '@typescript-eslint/no-deprecated': [
        'error',
        // Marked as deprecated only to stand out: an operator's own token server may speak plain HTTP.
        { allow: [{ from: 'package', package: 'openid-client', name: 'allowInsecureRequests' }] },
      ],
      '@typescript-eslint/no-non-null-assertion': 'error',
      '@typescript-eslint/prefer-includes': 'error',
      '@typescript-eslint/prefer-readonly': 'error',
      '@typescript-eslint/return-await': ['error', 'error-handling-correctness-only'],
      '@typescript-eslint/switch-exhaustiveness-check': ['error', { considerDefaultExhaustiveForUnions: true }],
      '@typescript-eslint/use-unknown-in-catch-callback-variable': 'error',
      // An async function without await makes a rejection of what it throws, as the promise in its type says.
      '@typescript-eslint/require-await': 'off',
      // tsc finds what is unused, and takes a leading underscore for meant.
      '@typescript-eslint/no-unused-vars': 'off',
    },
  },
  {
    files: SPECS,
    rules: {
      // Vitest's asymmetric matchers (expect.any, expect.objectContaining) are typed `any`.
      '@typescript-eslint/no-unsafe-assignment': 'off',
      // Clients still send max_tokens: specs do too.
      '@typescript-eslint/no-deprecated': 'off',
      // Where a spec is wrong about null, it fails.
      '@typescript-eslint/no-non-null-assertion': 'off',
      // Specs take plugins apart, and expect things of methods.
      '@typescript-eslint/unbound-method': 'off',
    },
  },
  {
    files: ['**/*.ts'],
    plugins: { '@nx': nx },
    rules: { '@nx/enforce-module-boundaries': ['error', boundaryOptions()] },
  },
  {
    files: ['{apps,libs,plugins}/**/*.ts'],
    ignores: SPECS,
    rules: {
      '@typescript-eslint/no-restricted-imports': [
        'error',
        { paths: [{ name: '@parsimony/persistence/testing', message: 'It starts test databases: for specs only.' }] },
      ],
    },
  },
  { files: SPECS, rules: { '@nx/enforce-module-boundaries': ['error', boundaryOptions(SPEC_IMPORTS)] } },
  {
    files: ['plugins/**/*.spec.ts', 'plugins/*/test/**/*.ts'],
    rules: { '@nx/enforce-module-boundaries': ['error', boundaryOptions(PLUGIN_SPEC_IMPORTS)] },
  },
);
