import { access } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { readEnvironment, type Environment } from '@parsimony/environment';
import { startEmbeddedPostgres } from '@parsimony/persistence';
import type { CliContext } from '../cli/context.js';
import { BadInput } from '../cli/exit-code.js';
import { readAddress } from './address-file.js';
import { connect } from './connect.js';

/** Where a command finds the deployment's database. */
export interface DatabasePlace extends AsyncDisposable {
  readonly url: string;
  readonly environment: Environment;
}

/**
 * The database that the variables speak of: that of `DATABASE_URL`, the embedded one that `parsimony up` runs at the
 * moment, or the embedded one started for this command alone, which stops with it.
 *
 * @throws EnvironmentError; BadInput where there is neither `DATABASE_URL` nor data of an embedded database.
 */
export async function openDatabase({ variables, complain }: CliContext): Promise<DatabasePlace> {
  const environment = readEnvironment(variables);
  const nothing = { [Symbol.asyncDispose]: () => Promise.resolve() };
  if (environment.DATABASE_URL !== undefined) return { url: environment.DATABASE_URL, environment, ...nothing };
  const home = resolve(environment.PARSIMONY_HOME);
  const running = await readAddress(home, 'database');
  if (running !== undefined && (await answers(running))) return { url: running, environment, ...nothing };
  const dataDirectory = join(home, 'postgres');
  // The data itself may lie elsewhere, where PostgreSQL's own user can reach it; the gateway's journal lies here.
  if (!(await exists(`${dataDirectory}.log`)) && !(await exists(join(home, 'journal')))) {
    throw new BadInput(
      `DATABASE_URL is not set, and ${home} holds no embedded database; set DATABASE_URL, or PARSIMONY_HOME to the ` +
        'folder of `parsimony up`',
    );
  }
  const log = { info: () => undefined, warn: complain, error: complain };
  const postgres = await startEmbeddedPostgres({ dataDirectory, log });
  return { url: postgres.url, environment, [Symbol.asyncDispose]: () => postgres.stop() };
}

async function answers(url: string): Promise<boolean> {
  try {
    await (await connect(url, 'parsimony')).end();
    return true;
  } catch {
    return false;
  }
}

async function exists(path: string): Promise<boolean> {
  return access(path).then(
    () => true,
    () => false,
  );
}
