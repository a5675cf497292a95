import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';

const HOOK = fileURLToPath(new URL('./typescript-sources.js', import.meta.url));
const PROGRAM = fileURLToPath(new URL('./journaling-process.ts', import.meta.url));

export interface JournalingProcess {
  /** Calls whose reservation was written, as far as the process could say. */
  readonly reserved: ReadonlySet<string>;
  /** Calls whose settlement was written. */
  readonly settled: ReadonlySet<string>;
  /** Kills it as a crash does, in the middle of its work. */
  kill(): Promise<void>;
}

/** Starts a process that writes a journal, and waits until it has settled `settled` calls. */
export async function startJournalingProcess(directory: string, settled: number): Promise<JournalingProcess> {
  const child = spawn(
    process.execPath,
    [
      '--conditions=@parsimony/source',
      '--experimental-transform-types',
      '--no-warnings',
      '--import',
      HOOK,
      PROGRAM,
      directory,
    ],
    { stdio: ['ignore', 'pipe', 'inherit'] },
  );
  const said: Record<string, Set<string>> = { reserved: new Set(), settled: new Set() };
  const lines = createInterface(child.stdout);
  const { promise: enough, resolve, reject } = Promise.withResolvers<void>();
  child.once('exit', (code) => reject(new Error(`the journaling process ended by itself: ${code}`)));
  lines.on('line', (line) => {
    const [what = '', id = ''] = line.split(' ');
    said[what]?.add(id);
    if ((said['settled']?.size ?? 0) >= settled) resolve();
  });
  await enough;
  return {
    reserved: said['reserved'] ?? new Set(),
    settled: said['settled'] ?? new Set(),
    kill: async () => {
      const closed = once(lines, 'close');
      const exited = once(child, 'exit');
      child.kill('SIGKILL');
      await Promise.all([exited, closed]);
    },
  };
}
