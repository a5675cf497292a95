import { expect, it } from 'vitest';
import { isolatedVariables } from './variables.js';

it("keeps a shell's database, provider and settings out", () => {
  const shell = {
    PATH: '/bin',
    OPENAI_API_KEY: 'sk-real',
    OPENAI_BASE_URL: 'https://provider.example/v1',
    ANTHROPIC_API_KEY: 'sk-real',
    DATABASE_URL: 'postgres://production',
    QDRANT_URL: 'http://vectors.example',
    PARSIMONY_PLUGINS: 'x',
    HOST: '0.0.0.0',
    PORT: '80',
    MY_PORT: '81',
  };
  expect(isolatedVariables(shell, { PORT: '4321' })).toEqual({ PATH: '/bin', PORT: '4321', MY_PORT: '81' });
});
