import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startTestDatabase, type TestDatabase } from '@parsimony/persistence/testing';
import { BudgetService, CredentialService, MasterKeys, TENANCY_ENTITIES } from '@parsimony/tenancy';
import { afterEach, beforeAll, afterAll, beforeEach, describe, expect, it } from 'vitest';
import { checkNode } from '../src/doctor/checks/runtime.check.js';
import { clockFinding } from '../src/doctor/checks/clock.check.js';
import type { Finding } from '../src/doctor/finding.js';
import { commandLine } from './command-line.js';
import { emptyDatabaseBeside } from './fresh-database.js';
import { httpWitness } from './http-witness.js';

const MASTER_KEY = 'the master key of this spec';

let held: TestDatabase;
let database: TestDatabase;
let home: string;

beforeAll(async () => void (held = await startTestDatabase()));
afterAll(() => held.stop());
beforeEach(async () => {
  database = await startTestDatabase({ entities: TENANCY_ENTITIES });
  home = mkdtempSync(join(tmpdir(), 'parsimony-doctor-'));
});
afterEach(async () => {
  await database.stop();
  rmSync(home, { recursive: true });
});

async function doctor(variables: NodeJS.ProcessEnv = {}): Promise<{ code: number; of: (check: string) => Finding[] }> {
  const all = { DATABASE_URL: database.url, PARSIMONY_HOME: home, PORT: '0', ...variables };
  const { code, out } = await commandLine(all)('doctor', '--json');
  const findings = JSON.parse(out) as Finding[];
  return { code, of: (check) => findings.filter((finding) => finding.check === check) };
}

describe('parsimony doctor', () => {
  it('finds nothing that fails on a fresh deployment, and changes nothing', async () => {
    await commandLine({ DATABASE_URL: database.url, PARSIMONY_HOME: home })('migrate');
    const { code, of } = await doctor({ PARSIMONY_MASTER_KEY: MASTER_KEY });
    expect(code).toBe(0);
    for (const check of [
      'Node',
      'plugins',
      'disk',
      'database',
      'migrations',
      'tenant walls',
      'clock',
      'journal',
      'master key',
      'budgets',
      'port',
    ]) {
      expect(of(check), check).toEqual([expect.objectContaining({ severity: 'ok' })]);
    }
    expect(of('providers')).toEqual([expect.objectContaining({ severity: 'warn' })]);
    expect(of('prices')).toHaveLength(1);
  });

  it('says what to do, in lines for people', async () => {
    const url = await emptyDatabaseBeside(database.url, 'unmigrated');
    const { code, out, err } = await commandLine({ DATABASE_URL: url, PARSIMONY_HOME: home, PORT: '0' })('doctor');
    expect(code).toBe(1);
    expect(out).toMatch(/^FAIL +migrations +\d+ are pending.*\n +→ run `parsimony migrate`$/m);
    expect(out).toMatch(/^ok +database +PostgreSQL \d+/m);
    expect(err).toMatch(/checks failed/);
  });

  it('goes on where the database is away', async () => {
    const { code, of } = await doctor({ DATABASE_URL: 'postgres://postgres:hush@127.0.0.1:1/x' });
    expect(code).toBe(1);
    expect(of('database')[0]).toMatchObject({ severity: 'fail', message: expect.stringMatching(/ECONNREFUSED/) });
    expect(JSON.stringify(of('database'))).not.toContain('hush');
    expect(of('journal')[0]?.severity).toBe('ok');
  });

  it('finds a table whose rows are not walled off, and a wall that lets everybody in', async () => {
    await database.dataSource.query('ALTER TABLE audit_event DISABLE ROW LEVEL SECURITY');
    expect((await doctor()).of('tenant walls')[0]).toMatchObject({
      severity: 'fail',
      message: expect.stringMatching(/audit_event/),
    });
    await database.dataSource.query('ALTER TABLE audit_event ENABLE ROW LEVEL SECURITY');
    await database.dataSource.query(ONE_TENANT);
    expect((await doctor()).of('tenant walls')[0]?.severity).toBe('ok');
    await database.dataSource.query('CREATE POLICY leak ON tenant TO parsimony_tenant USING (true)');
    expect((await doctor()).of('tenant walls')[0]).toMatchObject({
      severity: 'fail',
      message: expect.stringMatching(/a stranger sees/),
    });
  });

  it('knows whether the master key opens what is stored', async () => {
    await database.dataSource.query(ONE_TENANT);
    const rules = {
      masterKeys: await MasterKeys.from({ current: MASTER_KEY }),
      parseSettings: (_kind: string, settings: object) => Promise.resolve(settings as never),
      checkUrl: () => Promise.resolve(),
    };
    await new CredentialService(database.dataSource, rules).set({
      ...{ tenantId: TENANT, provider: 'openai', kind: 'openai', secret: 'sk-tenant' },
    });
    const other = 'another master key than that one';
    expect((await doctor({ PARSIMONY_MASTER_KEY: MASTER_KEY })).of('master key')[0]?.severity).toBe('ok');
    expect((await doctor({ PARSIMONY_MASTER_KEY: other })).of('master key')[0]?.severity).toBe('fail');
    expect((await doctor()).of('master key')[0]).toMatchObject({
      severity: 'fail',
      message: expect.stringMatching(/no key is set/),
    });
    const half = { PARSIMONY_MASTER_KEY: other, PARSIMONY_MASTER_KEY_PREVIOUS: MASTER_KEY };
    expect((await doctor(half)).of('master key')[0]).toMatchObject({
      severity: 'warn',
      action: expect.stringMatching(/master-key rotate/),
    });
  });

  it('finds what dead gateways left, and rows that were refused', async () => {
    mkdirSync(join(home, 'journal'));
    const segment = '00000000-0000-4000-8000-000000000000.00000001.journal';
    writeFileSync(join(home, 'journal', segment), 'rows');
    expect((await doctor()).of('journal')).toEqual([expect.objectContaining({ severity: 'warn' })]);
    writeFileSync(join(home, 'journal', 'rejected.rows'), 'a row');
    const { code, of } = await doctor();
    expect(of('journal').map(({ severity }) => severity)).toEqual(['warn', 'fail']);
    expect(of('journal')[0]?.message).toContain(segment);
    expect(code).toBe(1);
  });

  it('asks each provider for its models with its own kind of key', async () => {
    await using witness = await httpWitness((path) => ({ status: path.startsWith('/mistral') ? 401 : 200 }));
    const file = join(home, 'providers.json');
    writeFileSync(file, JSON.stringify([{ name: 'vllm', baseUrl: `${witness.url}/vllm`, keyVariable: 'VLLM_KEY' }]));
    const { of } = await doctor({
      OPENAI_BASE_URL: `${witness.url}/openai/v1`,
      OPENAI_API_KEY: 'sk-openai',
      ANTHROPIC_BASE_URL: witness.url,
      ANTHROPIC_API_KEY: 'sk-ant',
      MISTRAL_BASE_URL: `${witness.url}/mistral`,
      MISTRAL_API_KEY: 'sk-mistral',
      AZURE_OPENAI_ENDPOINT: `${witness.url}/azure`,
      AZURE_OPENAI_API_KEY: 'sk-azure',
      GEMINI_BASE_URL: 'http://127.0.0.1:1/gemini',
      GEMINI_API_KEY: 'sk-gemini',
      PARSIMONY_PROVIDERS: file,
      VLLM_KEY: 'sk-vllm',
    });
    for (const name of ['openai', 'anthropic', 'azure', 'vllm']) {
      expect(of(`provider ${name}`), name).toEqual([expect.objectContaining({ severity: 'ok' })]);
    }
    expect(of('provider mistral')[0]).toMatchObject({ severity: 'fail', action: 'set MISTRAL_API_KEY anew' });
    expect(of('provider gemini')[0]).toMatchObject({
      severity: 'fail',
      message: expect.stringMatching(/cannot be reached/),
    });
    const asked = new Map(witness.requests.map(({ path, headers }) => [path, headers]));
    expect(asked.get('/openai/v1/models')).toMatchObject({ authorization: 'Bearer sk-openai' });
    expect(witness.requests).toContainEqual(
      expect.objectContaining({ path: '/v1/models', headers: expect.objectContaining({ 'x-api-key': 'sk-ant' }) }),
    );
    expect(asked.get('/azure/openai/v1/models')).toMatchObject({ 'api-key': 'sk-azure' });
    expect(asked.get('/vllm/models')).toMatchObject({ authorization: 'Bearer sk-vllm' });
  });

  it('notices by a provider that the clock is wrong', async () => {
    const date = new Date(Date.now() - 3_600_000).toUTCString();
    await using witness = await httpWitness(() => ({ status: 200, headers: { date } }));
    const { of } = await doctor({ OPENAI_BASE_URL: witness.url, OPENAI_API_KEY: 'k' });
    expect(of('clock').map(({ severity }) => severity)).toEqual(['ok', 'fail']);
    expect(clockFinding('x', 5_000)).toMatchObject({ severity: 'warn', message: 'the clock of x is 5.0 s ahead' });
  });

  it('asks Qdrant with its key', async () => {
    await using witness = await httpWitness((_, headers) => ({ status: headers['api-key'] === 'right' ? 200 : 401 }));
    expect((await doctor({ QDRANT_URL: witness.url, QDRANT_API_KEY: 'right' })).of('vectors')[0]?.severity).toBe('ok');
    expect((await doctor({ QDRANT_URL: witness.url })).of('vectors')[0]).toMatchObject({
      action: 'set QDRANT_API_KEY',
    });
    expect((await doctor({ QDRANT_URL: 'http://127.0.0.1:1' })).of('vectors')[0]?.severity).toBe('fail');
  });

  it('asks every budgets service with the token, and holds its clock against ours', async () => {
    const token = 'the-token-of-this-spec';
    const date = new Date(Date.now() + 3_600_000).toUTCString();
    await using right = await httpWitness((path, { authorization }) => ({
      status: path === '/readyz' || authorization === `Bearer ${token}` ? 200 : 401,
      headers: { date },
    }));
    await using without = await httpWitness((path) => ({ status: path === '/readyz' ? 503 : 200 }));
    await using stranger = await httpWitness(() => ({ status: 404 }));
    const asked = async (url: string, own = token) => {
      const { of } = await doctor({ PARSIMONY_BUDGETS_URL: url, PARSIMONY_SERVICE_TOKEN: own });
      return { findings: of('budgets'), clocks: of('clock') };
    };
    const { findings, clocks } = await asked(`${right.url},http://127.0.0.1:1`);
    expect(findings).toEqual([
      expect.objectContaining({ severity: 'ok', message: expect.stringMatching(/answers, and takes the token/) }),
      expect.objectContaining({ severity: 'fail', message: expect.stringMatching(/does not answer/) }),
    ]);
    expect(clocks.at(-1)).toMatchObject({ severity: 'fail', message: expect.stringMatching(/budgets service.*ahead/) });
    expect((await asked(right.url, 'the-token-of-another')).findings[0]).toMatchObject({
      severity: 'fail',
      message: expect.stringMatching(/refuses the token/),
    });
    expect((await asked(without.url)).findings[0]).toMatchObject({
      severity: 'fail',
      message: expect.stringMatching(/has no database/),
    });
    expect((await asked(stranger.url)).findings[0]).toMatchObject({ severity: 'warn' });
  });

  it('warns of HARD budgets that no gateway could spend under', async () => {
    await database.dataSource.query(ONE_TENANT);
    const budgets = new BudgetService(database.dataSource);
    await budgets.set({ tenantId: TENANT, limit: 1n, period: 'DAY', mode: 'SOFT' });
    expect((await doctor()).of('budgets')[0]?.severity).toBe('ok');
    await budgets.set({ tenantId: TENANT, limit: 1n, period: 'DAY', mode: 'HARD' });
    expect((await doctor()).of('budgets')[0]).toMatchObject({
      severity: 'warn',
      message: expect.stringMatching(/PARSIMONY_BUDGETS_URL is not set/),
    });
  });

  it('tells a gateway on its port from a stranger', async () => {
    const answers = { status: 'ready', journalWritable: true, ledgerFailing: false };
    await using gateway = await httpWitness(() => ({ status: 200, body: JSON.stringify(answers) }));
    expect((await doctor({ PORT: String(gateway.port) })).of('port')[0]?.severity).toBe('ok');
    answers.journalWritable = false;
    expect((await doctor({ PORT: String(gateway.port) })).of('port')[0]?.severity).toBe('fail');
    await using stranger = await httpWitness(() => ({ status: 200, body: 'hello' }));
    expect((await doctor({ PORT: String(stranger.port) })).of('port')[0]).toMatchObject({ severity: 'warn' });
  });

  it('warns of what goes over the network in the clear', async () => {
    const { of } = await doctor({ HOST: '0.0.0.0', OPENAI_BASE_URL: 'http://198.51.100.1/v1' });
    expect(of('exposure').map(({ message }) => message)).toEqual([
      expect.stringContaining('HOST 0.0.0.0'),
      expect.stringContaining('OPENAI_BASE_URL'),
    ]);
  }, 30_000);

  it('proves that certificate and key are there and belong together', async () => {
    const [cert, key] = [join(home, 'tls.crt'), join(home, 'tls.key')];
    writeFileSync(cert, 'no certificate');
    const { of } = await doctor({ PARSIMONY_TLS_CERT: cert, PARSIMONY_TLS_KEY: key });
    expect(of('TLS')[0]).toMatchObject({ severity: 'fail', message: expect.stringMatching(/cannot be used/) });
  });

  it('wants a Node that is new enough', () => {
    expect(checkNode('20.19.0').severity).toBe('fail');
    expect(checkNode('24.21.0').severity).toBe('ok');
  });
});

const TENANT = '00000000-0000-7000-8000-000000000001';
const ONE_TENANT = `INSERT INTO tenant (id, name, revision) VALUES ('${TENANT}', 'Ромашка', 1)`;
