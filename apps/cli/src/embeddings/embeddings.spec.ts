import { spawn, type ChildProcess } from 'node:child_process';
import { randomBytes, randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { chmod, mkdtemp, rm } from 'node:fs/promises';
import { createServer, type AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseUsd } from '@parsimony/contract';
import { startTestDatabase, type TestDatabase } from '@parsimony/persistence/testing';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { commandLine, type Ran } from '../../test/command-line.js';

const PARSIMONY = fileURLToPath(new URL('../../dist/main.js', import.meta.url));
const READY_MS = 40_000;
const SMALL = 'openai/text-embedding-3-small';
const LARGE = 'openai/text-embedding-3-large';

const opened = new AsyncDisposableStack();
let database: TestDatabase;
let gatewayUrl: string;
let simulatorUrl: string;
let run: (...words: readonly string[]) => Promise<Ran>;

beforeAll(async () => {
  database = await startTestDatabase();
  opened.defer(() => database.stop());
  const home = await mkdtemp(join(tmpdir(), 'parsimony-embeddings-'));
  opened.defer(() => rm(home, { recursive: true, force: true }));
  await chmod(home, 0o755);
  const simulatorPort = await freePort();
  simulatorUrl = `http://127.0.0.1:${simulatorPort}`;
  const own = {
    DATABASE_URL: database.url,
    PARSIMONY_HOME: home,
    PARSIMONY_PLUGINS: '@parsimony/request-policy,@parsimony/semantic-cache',
  };
  run = commandLine(own);
  const child = spawn(process.execPath, [PARSIMONY, 'up'], {
    env: {
      PATH: process.env['PATH'],
      PORT: '0',
      PARSIMONY_SIMULATOR_PORT: String(simulatorPort),
      PARSIMONY_LOG_LEVEL: 'warn',
      ...own,
    },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  opened.defer(() => stop(child));
  let output = '';
  for (const stream of [child.stdout, child.stderr])
    stream?.setEncoding('utf8').on('data', (text: string) => (output += text));
  await vi.waitUntil(() => output.includes('Parsimony is ready') || child.exitCode !== null, { timeout: READY_MS });
  gatewayUrl = /^ +GraphQL +(\S+)\/graphql$/m.exec(output)?.[1] ?? '';
  if (gatewayUrl === '') throw new Error(`parsimony up did not come up:\n${output}`);
}, READY_MS + 20_000);

afterAll(() => opened.disposeAsync());

async function stop(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null) return;
  const ended = once(child, 'exit');
  child.kill('SIGINT');
  await ended;
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  await new Promise((resolve) => server.close(resolve));
  return port;
}

async function tenantId(name: string): Promise<string> {
  const [row] = await database.dataSource.query<{ id: string }[]>('SELECT id FROM tenant WHERE name = $1', [name]);
  return row?.id ?? '';
}

/** An entry as the cache keeps it. @returns its id. */
async function keep(tenant: string, question: string): Promise<string> {
  const id = randomUUID();
  await database.dataSource.query(
    `INSERT INTO plugin_semantic_cache.entry (tenant_id, id, kind, scope, question, answer, answer_digest, usage, cost, bytes,
       created_at, expires_at, last_hit_at)
     VALUES ($1, $2, 'semantic', 'scope', $3, $4, $5, '{}', 0.002, 500, now(), now() + interval '1 day', now())`,
    [tenant, id, question, Buffer.from('{}'), randomBytes(32)],
  );
  return id;
}

async function learn(tenant: string, kept: string, asked: string, right: boolean): Promise<void> {
  const [keptId, askedId] = [await keep(tenant, kept), await keep(tenant, asked)];
  await database.dataSource.query(
    `INSERT INTO plugin_semantic_cache.observation (tenant_id, seq, kind, entry_id, asked_entry_id, observation, is_right, audit)
     SELECT $1, coalesce(max(seq), 0) + 1, 'chat', $2, $3, '{}', $4, false
       FROM plugin_semantic_cache.observation WHERE tenant_id = $1`,
    [tenant, keptId, askedId, right],
  );
}

interface Comparison {
  readonly pairs: number;
  readonly answerCostUsd: string;
  readonly embedders: readonly {
    readonly model: string;
    readonly areaUnderCurve: number;
    readonly rightHitRate: number;
    readonly errorRate: number;
    readonly costPerThousandUsd: string;
  }[];
  readonly recommended: string;
}

const compare = (...more: readonly string[]): Promise<Ran> =>
  run('embeddings', 'compare', '--tenant', 'demo', '--url', gatewayUrl, '--models', `${SMALL},${LARGE}`, ...more);

describe('parsimony embeddings compare', () => {
  it('says what is missing where the cache has learnt too little', async () => {
    expect(await compare()).toMatchObject({ code: 1, err: expect.stringContaining('0 pairs of answers') });
  });

  it('measures embedders on what the tenant’s cache has learnt, at what they really cost', async () => {
    const demo = await tenantId('demo');
    const things = [
      'password',
      'invoice',
      'parcel',
      'calendar',
      'contract',
      'photo',
      'пропуск',
      'договор',
      'полис',
      'счёт',
    ];
    for (const thing of things) {
      for (const verb of ['cancel', 'renew', 'продлить']) {
        await learn(demo, `how to ${verb} my ${thing} today`, `please tell me how to ${verb} my ${thing} today`, true);
        await learn(
          demo,
          `how to ${verb} my ${thing} today`,
          `where is the office for ${verb} ${thing}s in Oslo`,
          false,
        );
      }
    }
    await fetch(`${simulatorUrl}/simulator/bill`, { method: 'DELETE' });

    const ran = await compare('--json', '--max-error-rate', '0.05');
    expect(ran, ran.err).toMatchObject({ code: 0 });
    const { pairs, embedders, recommended, answerCostUsd } = JSON.parse(ran.out) as Comparison;
    expect({ pairs, answerCostUsd }).toEqual({ pairs: 60, answerCostUsd: '0.002000000000' });
    expect(embedders.map(({ model }) => model)).toEqual([SMALL, LARGE]);
    for (const { areaUnderCurve, rightHitRate, errorRate } of embedders) {
      expect(areaUnderCurve).toBeGreaterThan(0.95);
      expect(rightHitRate).toBeGreaterThan(0.4);
      expect(errorRate).toBeLessThanOrEqual(0.1);
    }
    expect(recommended).toBe(SMALL);

    // 90 different texts were embedded by each; the provider's bill is the other witness.
    const bill = (await (await fetch(`${simulatorUrl}/simulator/bill`)).json()) as {
      lines: { model: string; chargedPicoDollars: string }[];
    };
    for (const { model, costPerThousandUsd } of embedders) {
      const charged = bill.lines.find((line) => model.endsWith(line.model))?.chargedPicoDollars ?? '0';
      expect(parseUsd(costPerThousandUsd)).toBe((BigInt(charged) * 1_000n) / 90n);
    }
  });

  it('takes the newest pairs only, and shows them as a table', async () => {
    const ran = await compare('--sample', '24', '--models', `${SMALL},bundled`);
    expect(ran).toMatchObject({ code: 0, out: expect.stringContaining('24 pairs of questions, 50.0 % of them') });
    expect(ran.out).toMatch(/^bundled +[01]\.\d{3} +[\d.]+ % +[\d.]+ % +0\.000000000000$/m);
    expect(ran.out.split('\n').at(-1)).toMatch(/^take (?:bundled|openai\/text-embedding-3-small)$/);
  });

  it('leaves no key behind that is good', async () => {
    const { out } = await run('keys', 'list', '--tenant', 'demo');
    const made = out.split('\n').filter((line) => line.includes('parsimony embeddings compare'));
    expect(made.length).toBeGreaterThan(0);
    for (const line of made) expect(line).toContain('revoked');
  });

  it.each([
    [['--models', 'openai/no-such-model'], 1, 'refused to embed by openai/no-such-model'],
    [['--url', 'http://127.0.0.1:9'], 1, 'the gateway is not at http://127.0.0.1:9'],
    [['--tenant', 'nobody'], 2, 'there is no tenant "nobody"'],
    [['--models', 'a,,b'], 2, '--models: expected names'],
    [['--sample', '0'], 2, '--sample is a whole number'],
    [['--max-error-rate', 'little'], 2, '--max-error-rate is a number'],
  ])('with %j ends with %d', async (more, code, message) =>
    expect(await compare(...more)).toMatchObject({ code, err: expect.stringContaining(message) }),
  );
});
