import { describe, expect, it } from 'vitest';
import { EnvironmentError, readEnvironment } from './environment.js';

describe('readEnvironment', () => {
  it('has defaults for everything', () => {
    expect(readEnvironment({})).toMatchObject({ PORT: 4000, HOST: '127.0.0.1', PARSIMONY_HOME: '.parsimony' });
  });

  it('counts an empty variable as unset', () => {
    expect(readEnvironment({ OPENAI_API_KEY: '', PORT: '' })).toMatchObject({ PORT: 4000 });
  });

  it('names the nearest known variable for an unknown one', () => {
    expect(() => readEnvironment({ PARSIMONY_HOMEE: '/tmp' })).toThrow(
      /PARSIMONY_HOMEE is unknown; did you mean PARSIMONY_HOME\?/,
    );
  });

  it('lists every variable that is wrong', () => {
    const read = () => readEnvironment({ PORT: '70000', DATABASE_URL: 'mysql://x', PARSIMONY_ADMIN_KEY: 'short' });
    expect(read).toThrow(EnvironmentError);
    expect(read).toThrow(/PORT[\s\S]*DATABASE_URL[\s\S]*PARSIMONY_ADMIN_KEY/);
  });

  it('does not care about variables of others', () => {
    expect(() => readEnvironment({ PATH: '/bin', HOMEE: 'x' })).not.toThrow();
  });
});
