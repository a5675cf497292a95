import { readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { PluginLog } from '@parsimony/contract';
import { commandLineOf, pidIsTaken } from './process-identity.js';

export interface Postmaster {
  readonly pid: number;
  readonly ready: boolean;
}

/** Reads `postmaster.pid`; its lines are listed in PostgreSQL's `src/include/utils/pidfile.h`. */
export async function readPostmasterFile(directory: string): Promise<Postmaster | undefined> {
  const lines = (await readFile(join(directory, 'postmaster.pid'), 'utf8').catch(() => '')).split('\n');
  const pid = Number(lines[0]);
  return Number.isInteger(pid) && pid > 0 ? { pid, ready: lines[7]?.trim() === 'ready' } : undefined;
}

/**
 * Stops a PostgreSQL that outlived its owner (`kill -9`) on this data folder.
 *
 * @throws Error where it does not stop, or where a PostgreSQL that we did not start holds the folder.
 */
export async function stopOrphan(directory: string, log: PluginLog): Promise<void> {
  const postmaster = await readPostmasterFile(directory);
  if (!postmaster) return;
  const { pid } = postmaster;
  if (await runsOn(pid, directory)) {
    log.info(`PostgreSQL ${pid} outlived its last owner; stopping it`);
    for (const [signal, patienceMs] of [
      ['SIGINT', 10_000],
      ['SIGQUIT', 10_000],
    ] as const) {
      process.kill(pid, signal);
      for (let waited = 0; waited < patienceMs; waited += 20) {
        if (!(await runsOn(pid, directory))) return;
        await sleep(20);
      }
    }
    throw new Error(`PostgreSQL ${pid} on ${directory} does not stop`);
  }
  if (!pidIsTaken(pid)) return; // PostgreSQL itself removes a file whose process is gone.
  if (/postgres|postmaster/.test((await commandLineOf(pid)) ?? '')) {
    throw new Error(`another PostgreSQL, process ${pid}, seems to run on ${directory}; stop it first`);
  }
  // The number went to another program since; PostgreSQL would take that one for its living self and refuse to start.
  await rm(join(directory, 'postmaster.pid'), { force: true });
}

async function runsOn(pid: number, directory: string): Promise<boolean> {
  const commandLine = (await commandLineOf(pid)) ?? '';
  return /\bpostgres\b/.test(commandLine) && `${commandLine} `.includes(` -D ${directory} `);
}
