import { describe, expect, it } from 'vitest';
import { EnvironmentError, readEnvironment } from './index.js';

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

  it('lists every variable that is wrong, and no value', () => {
    const read = () => readEnvironment({ PORT: '70000', DATABASE_URL: 'mysql://x', PARSIMONY_ADMIN_KEY: 'short' });
    expect(read).toThrow(EnvironmentError);
    expect(read).toThrow(/PORT[\s\S]*DATABASE_URL[\s\S]*PARSIMONY_ADMIN_KEY/);
    expect(read).not.toThrow(/mysql|short/);
  });

  it('does not care about variables of others', () => {
    expect(() => readEnvironment({ PATH: '/bin', HOMEE: 'x' })).not.toThrow();
  });

  it('reads lists of networks, hosts and origins', () => {
    expect(
      readEnvironment({
        PARSIMONY_TRUSTED_PROXIES: '10.0.0.0/8, ::1,',
        PARSIMONY_ALLOWED_ADDRESSES: '192.168.7.0/24,vllm.internal',
        PARSIMONY_CORS_ORIGINS: 'https://app.example.com,http://localhost:5173',
      }),
    ).toMatchObject({
      PARSIMONY_TRUSTED_PROXIES: ['10.0.0.0/8', '::1'],
      PARSIMONY_ALLOWED_ADDRESSES: ['192.168.7.0/24', 'vllm.internal'],
      PARSIMONY_CORS_ORIGINS: ['https://app.example.com', 'http://localhost:5173'],
    });
  });

  it('reads where the budgets service is, slashes at the end left out', () => {
    expect(
      readEnvironment({
        PARSIMONY_BUDGETS_URL: 'http://budgets-0:4001/, https://budgets.example.com/parsimony',
        PARSIMONY_SERVICE_TOKEN: 'a'.repeat(16),
      }),
    ).toMatchObject({
      PARSIMONY_BUDGETS_URL: ['http://budgets-0:4001', 'https://budgets.example.com/parsimony'],
      PARSIMONY_BUDGETS_HOST: '127.0.0.1',
      PARSIMONY_BUDGETS_PORT: 4001,
    });
  });

  it.each([
    ['PARSIMONY_BUDGETS_URL', 'budgets:4001'],
    ['PARSIMONY_BUDGETS_URL', 'http://budgets-0:4001,tcp://budgets-1:4001'],
    ['PARSIMONY_BUDGETS_PORT', '65536'],
    ['PARSIMONY_SERVICE_TOKEN', 'too-short'],
    ['PARSIMONY_SERVICE_TOKEN', 'with blanks between the words'],
    ['PARSIMONY_SERVICE_TOKEN', 'тайное-слово-шлюзов'],
    ['PARSIMONY_TRUSTED_PROXIES', '10.0.0.0/33'],
    ['PARSIMONY_TRUSTED_PROXIES', 'proxy.internal'],
    ['PARSIMONY_ALLOWED_ADDRESSES', 'http://vllm.internal/'],
    ['PARSIMONY_ALLOWED_ADDRESSES', '*.internal'],
    ['PARSIMONY_CORS_ORIGINS', '*'],
    ['PARSIMONY_CORS_ORIGINS', 'https://app.example.com/'],
    ['PARSIMONY_BODY_LIMIT', '20MB'],
    ['PARSIMONY_PROCESSES', '0'],
    ['PARSIMONY_DRAIN_SECONDS', '-1'],
    ['PARSIMONY_CEILING_INPUT_USD', '1e3'],
    ['OTEL_TRACES_SAMPLER_ARG', '50'],
    ['OTEL_EXPORTER_OTLP_ENDPOINT', 'collector:4317'],
  ])('refuses %s=%s by name', (name, value) => {
    expect(() => readEnvironment({ [name]: value })).toThrow(new RegExp(`^${name}`, 'm'));
  });

  it.each([
    [{ PARSIMONY_TLS_CERT: '/tls.crt' }, 'PARSIMONY_TLS_CERT needs PARSIMONY_TLS_KEY'],
    [{ AZURE_OPENAI_API_KEY: 'k' }, 'AZURE_OPENAI_API_KEY needs AZURE_OPENAI_ENDPOINT'],
    [{ AZURE_OPENAI_ENDPOINT: 'https://x.openai.azure.com' }, 'needs AZURE_OPENAI_API_KEY, or AZURE_TENANT_ID'],
    [{ AZURE_CLIENT_SECRET: 's', AZURE_TENANT_ID: 't' }, 'AZURE_CLIENT_SECRET needs AZURE_CLIENT_ID'],
    [{ PARSIMONY_MASTER_KEY_PREVIOUS: 'a'.repeat(32) }, 'needs PARSIMONY_MASTER_KEY as well'],
    [{ PARSIMONY_OIDC_ISSUER: 'https://id.example.com' }, 'needs PARSIMONY_OIDC_AUDIENCE'],
    [{ PARSIMONY_BUDGETS_URL: 'http://budgets:4001' }, 'PARSIMONY_BUDGETS_URL needs PARSIMONY_SERVICE_TOKEN'],
    [{ PARSIMONY_CEILING_INPUT_USD: '15' }, 'needs PARSIMONY_CEILING_OUTPUT_USD'],
  ])('refuses half of what belongs together: %o', (variables, message) => {
    expect(() => readEnvironment(variables)).toThrow(message);
  });

  it('leaves an issuer as tokens name it', () => {
    const issuer = 'https://id.example.com/';
    const variables = { PARSIMONY_OIDC_ISSUER: issuer, PARSIMONY_OIDC_AUDIENCE: 'parsimony' };
    expect(readEnvironment(variables).PARSIMONY_OIDC_ISSUER).toBe(issuer);
  });

  it('takes Azure with a key, and with Entra instead', () => {
    const endpoint = { AZURE_OPENAI_ENDPOINT: 'https://x.openai.azure.com/' };
    expect(readEnvironment({ ...endpoint, AZURE_OPENAI_API_KEY: 'k' }).AZURE_OPENAI_ENDPOINT).toBe(
      'https://x.openai.azure.com',
    );
    const entra = { AZURE_TENANT_ID: 't', AZURE_CLIENT_ID: 'c', AZURE_CLIENT_SECRET: 's' };
    expect(() => readEnvironment({ ...endpoint, ...entra })).not.toThrow();
  });
});
