import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { parseHarnessReport, type HarnessRound } from './harness-report.js';

export interface HarnessTarget {
  readonly name: string;
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly pid: number;
}

export interface HarnessRun {
  /** Folder of the harness, with `bench.mjs`. */
  readonly folder: string;
  /** What is measured besides the peers. */
  readonly target?: HarnessTarget;
  readonly peers: readonly string[];
  readonly concurrencies: readonly number[];
  /** Further options as the harness takes them. */
  readonly options: readonly string[];
  /** Where the harness writes its JSON. */
  readonly out: string;
}

/** Runs the harness and reads its rounds. @throws Error where it fails, AbortError at the signal. */
export async function runHarness(run: HarnessRun, signal: AbortSignal): Promise<readonly HarnessRound[]> {
  const child = spawn(process.execPath, ['bench.mjs', ...harnessArguments(run)], {
    cwd: run.folder,
    stdio: ['ignore', 'inherit', 'inherit'],
    signal,
    killSignal: 'SIGTERM',
  });
  const [code] = (await once(child, 'exit')) as [number | null];
  if (code !== 0) throw new Error(`the harness ended with ${code}`);
  return parseHarnessReport(await readFile(run.out, 'utf8'));
}

export function harnessArguments({ target, peers, concurrencies, options, out }: Omit<HarnessRun, 'folder'>): string[] {
  return [
    ...['--targets', peers.join(',')],
    ...(target ? ['--target', `${target.name}=${target.url},${JSON.stringify(target.headers)},${target.pid}`] : []),
    ...['--conc', concurrencies.join(',')],
    ...['--out', out],
    ...options,
  ];
}

export function harnessProgram(folder: string): string {
  return join(folder, 'bench.mjs');
}
