import { Ajv2020 } from 'ajv/dist/2020.js';
import addFormats from 'ajv-formats';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { jsonOf, textOf } from './repository.js';

interface Service {
  readonly image?: string;
  readonly build?: string;
  readonly ports?: readonly string[];
  readonly environment?: Readonly<Record<string, string>>;
  readonly depends_on?: Readonly<Record<string, { readonly condition: string }>>;
  readonly healthcheck?: { readonly test?: readonly string[]; readonly disable?: boolean };
  readonly volumes?: readonly string[];
  readonly command?: readonly string[];
  readonly env_file?: string | readonly string[];
  readonly networks?: readonly string[];
  readonly stop_grace_period?: string;
  readonly read_only?: boolean;
}

interface Compose {
  readonly services: Readonly<Record<string, Service>>;
  readonly volumes: Readonly<Record<string, unknown>>;
  readonly networks: Readonly<Record<string, { readonly internal?: boolean } | null>>;
}

const compose = parse(textOf('compose.yaml'), { merge: true }) as Compose;
const { gateway, budgets, migrate, postgres, qdrant } = compose.services;

describe('compose.yaml', () => {
  it('is valid by the Compose Specification', () => {
    const ajv = new Ajv2020({ allErrors: true, strict: false });
    addFormats.default(ajv);
    ajv.addFormat('duration', /^(\d+(\.\d+)?(us|ms|s|m|h))+$/);
    const validate = ajv.compile(jsonOf('tools/deployment/schemas/compose-spec.json'));
    expect(validate(compose), JSON.stringify(validate.errors)).toBe(true);
    expect(validate({ services: { gateway: { imagee: 'x' } } })).toBe(false);
  });

  it('pins every image', () => {
    for (const { image } of Object.values(compose.services)) expect(image).toMatch(/:v?\d+\.\d+/);
    expect(postgres?.image).toMatch(/^postgres:18\./);
  });

  it('starts the gateway behind a migrated database, and waits for what is well', () => {
    expect(gateway?.depends_on).toEqual({
      budgets: { condition: 'service_started' },
      migrate: { condition: 'service_completed_successfully' },
      postgres: { condition: 'service_healthy' },
      qdrant: { condition: 'service_healthy' },
    });
    for (const service of [gateway, budgets, postgres, qdrant])
      expect(service?.healthcheck?.test?.length).toBeGreaterThan(1);
    expect(migrate?.healthcheck?.disable).toBe(true);
  });

  it('keeps journal, database and vectors in named volumes', () => {
    const used = Object.values(compose.services).flatMap(({ volumes = [] }) =>
      volumes.map((volume) => volume.split(':')),
    );
    expect(used).toContainEqual(['journal', gateway?.environment?.['PARSIMONY_HOME']]);
    expect(used.map(([name]) => name).toSorted()).toEqual(Object.keys(compose.volumes).toSorted());
  });

  it('runs the budgets service where only the gateway reaches it, without secrets that it has no use for', () => {
    expect(budgets?.command).toEqual(['node', 'apps/budgets/dist/main.js']);
    expect(Object.keys(budgets?.environment ?? {}).toSorted()).toEqual([
      'DATABASE_URL',
      'PARSIMONY_LOG_LEVEL',
      'PARSIMONY_SERVICE_TOKEN',
    ]);
    expect(budgets?.env_file).toEqual([]);
    expect(gateway?.environment).toMatchObject({
      PARSIMONY_BUDGETS_URL: 'http://budgets:4001',
      PARSIMONY_SERVICE_TOKEN: budgets?.environment?.['PARSIMONY_SERVICE_TOKEN'],
    });
    for (const [name, { networks }] of Object.entries(compose.services))
      expect(networks, name).toEqual(name === 'gateway' ? ['inside', 'outside'] : ['inside']);
    expect(compose.networks['inside']?.internal).toBe(true);
  });

  it('opens no port but the gateway’s, and that on this machine alone', () => {
    const ports = Object.entries(compose.services).flatMap(([name, { ports = [] }]) =>
      ports.map((port) => [name, port]),
    );
    expect(ports).toEqual([['gateway', '127.0.0.1:4000:4000']]);
  });

  it('holds no secret: each one is demanded of .env, and .env.example names it', () => {
    const example = textOf('.env.example');
    const demanded = [...textOf('compose.yaml').matchAll(/\$\{(\w+)/g)].map(([, name]) => name);
    expect(demanded.length).toBeGreaterThan(0);
    for (const name of demanded) expect(example).toMatch(new RegExp(`^#? ?${name}=`, 'm'));
    for (const { environment = {} } of Object.values(compose.services)) {
      for (const [name, value] of Object.entries(environment)) {
        if (/PASSWORD|KEY|SECRET|TOKEN/.test(name)) expect(value, name).toMatch(/^\$\{\w+:\?/);
      }
    }
  });

  it('gives the gateway time to drain, and a root that nobody writes to', () => {
    expect(Number.parseInt(gateway?.stop_grace_period ?? '0', 10)).toBeGreaterThanOrEqual(30 + 15);
    expect(gateway?.read_only).toBe(true);
  });
});
