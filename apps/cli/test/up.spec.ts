import { spawn, type ChildProcess } from 'node:child_process';
import { existsSync, readFileSync, statSync } from 'node:fs';
import { chmod, mkdtemp, rm } from 'node:fs/promises';
import { createServer, type AddressInfo, type Server } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { startTestDatabase, type TestDatabase } from '@parsimony/persistence/testing';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Finding } from '../src/doctor/finding.js';
import { commandLine } from './command-line.js';

const PARSIMONY = fileURLToPath(new URL('../dist/main.js', import.meta.url));
const READY_MS = 40_000;

let database: TestDatabase;

beforeAll(async () => void (database = await startTestDatabase()));
afterAll(() => database.stop());

interface Started extends AsyncDisposable {
  readonly home: string;
  readonly gatewayUrl: string;
  readonly budgetsUrl: string | undefined;
  /** All that it has written so far. */
  readonly output: () => string;
  readonly child: ChildProcess;
}

/** `parsimony up` as a process of its own on the test's database; ready. */
async function startUp(variables: NodeJS.ProcessEnv = {}): Promise<Started> {
  const home = await mkdtemp(join(tmpdir(), 'parsimony-up-'));
  await chmod(home, 0o755);
  const child = spawn(process.execPath, [PARSIMONY, 'up'], {
    env: {
      PATH: process.env['PATH'],
      DATABASE_URL: database.url,
      PARSIMONY_HOME: home,
      PARSIMONY_ADMIN_KEY: 'psk_of_the_operator_of_this_spec',
      PARSIMONY_LOG_LEVEL: 'warn',
      PORT: '0',
      PARSIMONY_SIMULATOR_PORT: String(await freePort()),
      ...variables,
    },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let output = '';
  for (const stream of [child.stdout, child.stderr])
    stream?.setEncoding('utf8').on('data', (text: string) => (output += text));
  const ended = new Promise<void>((resolve) => child.once('exit', () => resolve()));
  const stop = async (): Promise<void> => {
    child.kill('SIGINT');
    await ended;
    await rm(home, { recursive: true, force: true });
  };
  try {
    await until(() => output.includes('Parsimony is ready') || child.exitCode !== null, READY_MS);
    if (child.exitCode !== null) throw new Error(`it ended before it was ready:\n${output}`);
  } catch (error) {
    await stop();
    throw error;
  }
  const gatewayUrl = /^ +GraphQL +(\S+)\/graphql$/m.exec(output)?.[1] ?? '';
  const budgetsUrl = /^ +budgets service +(http\S+),/m.exec(output)?.[1];
  return { home, gatewayUrl, budgetsUrl, output: () => output, child, [Symbol.asyncDispose]: stop };
}

async function until(holds: () => boolean | Promise<boolean>, patienceMs = 15_000): Promise<void> {
  await expect.poll(holds, { timeout: patienceMs, interval: 50 }).toBe(true);
}

async function readiness(url: string | undefined): Promise<{ status: number; process?: number; leads?: boolean }> {
  try {
    const response = await fetch(`${url}/readyz`);
    return { ...((await response.json()) as object), status: response.status };
  } catch {
    return { status: 0 };
  }
}

function holdPort(port: number): Promise<Server> {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.once('error', reject).listen(port, '127.0.0.1', () => resolve(server));
  });
}

async function freePort(): Promise<number> {
  const server = await holdPort(0);
  const { port } = server.address() as AddressInfo;
  await new Promise((resolve) => server.close(resolve));
  return port;
}

async function doctor(variables: NodeJS.ProcessEnv): Promise<Finding[]> {
  const all = { DATABASE_URL: database.url, PORT: '0', ...variables };
  const { out } = await commandLine(all)('doctor', '--json');
  return (JSON.parse(out) as Finding[]).filter(({ check }) => check === 'budgets');
}

describe('parsimony up', { timeout: 120_000 }, () => {
  it('runs the budgets service beside the gateway, and seeds a budget to look at', async () => {
    const port = await freePort();
    await using up = await startUp({ PARSIMONY_BUDGETS_PORT: String(port) });
    expect(up.budgetsUrl).toBe(`http://127.0.0.1:${port}`);
    expect(await readiness(up.budgetsUrl)).toMatchObject({ status: 200 });
    expect(await readiness(up.gatewayUrl)).toMatchObject({ status: 200 });
    const token = join(up.home, 'service-token');
    expect(statSync(token).mode & 0o777).toBe(0o600);
    expect(readFileSync(token, 'utf8').length).toBeGreaterThanOrEqual(32);
    expect(up.output()).not.toContain(readFileSync(token, 'utf8'));
    const rows = await database.dataSource.query(
      `SELECT amount::text, period, mode, thresholds FROM budget JOIN tenant ON tenant.id = tenant_id WHERE tenant.name = 'demo'`,
    );
    expect(rows).toEqual([{ amount: '10.000000000000', period: 'MONTH', mode: 'SOFT', thresholds: [0.5, 0.8, 1] }]);

    // Other commands of the folder find it.
    expect(await doctor({ PARSIMONY_HOME: up.home })).toEqual([
      expect.objectContaining({ severity: 'ok', message: expect.stringMatching(/answers, and takes the token/) }),
    ]);
    const wrong = { PARSIMONY_HOME: up.home, PARSIMONY_SERVICE_TOKEN: 'the-token-of-another-deployment' };
    expect(await doctor(wrong)).toEqual([
      expect.objectContaining({ severity: 'fail', message: expect.stringMatching(/refuses the token/) }),
    ]);
  });

  it('starts the service again where it dies, at the same address, while the gateway goes on', async () => {
    await using up = await startUp({ PARSIMONY_BUDGETS_PORT: '0' });
    const before = await readiness(up.budgetsUrl);
    const gateway = await readiness(up.gatewayUrl);
    process.kill(before.process ?? 0, 'SIGKILL');
    await until(async () => {
      const now = await readiness(up.budgetsUrl);
      return now.status === 200 && now.process !== before.process;
    });
    expect(await readiness(up.gatewayUrl)).toMatchObject({ status: 200, process: gateway.process });
    expect(up.output()).toMatch(/the budgets service ended with SIGKILL; starting it again/);
  });

  it('takes another port where nobody asked for the one that is taken, and says which', async () => {
    const held = await holdPort(4001).catch(() => undefined);
    try {
      await using up = await startUp();
      expect(up.budgetsUrl).not.toBe('http://127.0.0.1:4001');
      expect(await readiness(up.budgetsUrl)).toMatchObject({ status: 200 });
    } finally {
      held?.close();
    }
  });

  it('does not start where the port that was asked for is taken', async () => {
    const held = await holdPort(0);
    const { port } = held.address() as AddressInfo;
    try {
      await expect(startUp({ PARSIMONY_BUDGETS_PORT: String(port) })).rejects.toThrow(/EADDRINUSE/);
    } finally {
      held.close();
    }
  });

  it('starts none where it runs elsewhere, and gives the gateway that address', async () => {
    const token = 'the-token-of-both-deployments';
    await using first = await startUp({ PARSIMONY_SERVICE_TOKEN: token });
    const elsewhere = { PARSIMONY_BUDGETS_URL: String(first.budgetsUrl), PARSIMONY_SERVICE_TOKEN: token };
    await using second = await startUp(elsewhere);
    expect(second.budgetsUrl).toBeUndefined();
    for (const { home } of [first, second]) expect(existsSync(join(home, 'service-token'))).toBe(false);
    expect(await doctor({ PARSIMONY_HOME: second.home, ...elsewhere })).toEqual([
      expect.objectContaining({ severity: 'ok' }),
    ]);
  });
});
