import { spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import type { SystemAccount } from '../src/embedded/system-account.js';

/** Lets plain Node run our sources: it strips types itself, but does not look for `x.ts` where `x.js` is written. */
const RESOLVE_SOURCES = `
import { registerHooks } from 'node:module';
registerHooks({
  resolve(specifier, context, next) {
    if (!/^\\.{1,2}\\/.*\\.js$/.test(specifier) || !context.parentURL?.endsWith('.ts')) return next(specifier, context);
    return next(specifier.replace(/js$/, 'ts'), context);
  },
});`;

const OWNER = `
const { startEmbeddedPostgres } = await import(process.argv[1]);
const say = (message) => process.send({ log: message });
try {
  const postgres = await startEmbeddedPostgres({
    ...JSON.parse(process.argv[2]),
    log: { info: say, warn: say, error: say },
  });
  process.on('SIGINT', async () => {
    const { default: pg } = await import('pg');
    const client = new pg.Client({ connectionString: postgres.url });
    await client.connect();
    await client.query('CREATE TABLE last_words (text text)');
    await client.end();
    await postgres.stop();
    process.exit(0);
  });
  process.send({ started: { url: postgres.url, pid: postgres.pid, dataDirectory: postgres.dataDirectory } });
} catch (error) {
  process.send({ failed: error.stack + (error.cause ? '\\n' + error.cause.stack : '') });
  process.exit(1);
}
setInterval(() => undefined, 60_000);`;

interface Started {
  readonly url: string;
  readonly pid: number;
  readonly dataDirectory: string;
}

export interface Apart extends Started {
  readonly process: ChildProcess;
  readonly logged: readonly string[];
}

interface Report {
  readonly log?: string;
  readonly failed?: string;
  readonly started?: Started;
}

/** Starts an embedded PostgreSQL from another process, in a process group of its own, perhaps as another user. */
export async function startApart(
  options: { readonly dataDirectory: string; readonly durable?: boolean; readonly systemDirectory?: string },
  account?: SystemAccount,
): Promise<Apart> {
  const entry = new URL('../src/embedded/start-embedded-postgres.ts', import.meta.url).href;
  const child = spawn(
    process.execPath,
    [
      '--no-warnings',
      '--experimental-transform-types',
      '--import',
      `data:text/javascript,${encodeURIComponent(RESOLVE_SOURCES)}`,
      '--input-type=module',
      '--eval',
      OWNER,
      entry,
      JSON.stringify(options),
    ],
    {
      ...account,
      cwd: new URL('..', import.meta.url).pathname,
      detached: true,
      stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
      env: { PATH: process.env['PATH'], OPENAI_API_KEY: 'not-for-postgres' },
    },
  );
  const logged: string[] = [];
  const started = await new Promise<Started>((resolve, reject) => {
    child.on('message', ({ log, failed, started }: Report) => {
      if (log !== undefined) logged.push(log);
      if (failed !== undefined) reject(new Error(failed));
      if (started) resolve(started);
    });
    child.once('exit', (code, signal) => reject(new Error(`ended (${code ?? signal}) before PostgreSQL was there`)));
  });
  return { process: child, logged, ...started };
}
