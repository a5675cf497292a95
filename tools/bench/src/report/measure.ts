import { formatTable } from '@parsimony/demo';
import type { Finding } from './finding.js';
import { machineLine } from './machine.js';

const EXIT_INTERRUPTED = 130;

/**
 * Runs a measurement as a program: says where it ran and what it found, and exits with 1 where a target was missed.
 *
 * @param run throws at the signal, after it has stopped what it started.
 */
export async function measure(
  title: string,
  run: (signal: AbortSignal) => Promise<readonly Finding[]>,
): Promise<never> {
  const stopping = new AbortController();
  // npm passes on a Ctrl-C that the terminal has sent already: the second one must not end us before all has stopped.
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => stopping.abort());
  console.log(`${title}\n${machineLine()}\n`);
  try {
    const findings = await run(stopping.signal);
    console.log(`\n${findingsTable(findings)}`);
    process.exit(findings.every(({ met }) => met) ? 0 : 1);
  } catch (error) {
    if (stopping.signal.aborted) process.exit(EXIT_INTERRUPTED);
    console.error(error instanceof Error ? error.message : error);
    process.exit(1);
  }
}

export function findingsTable(findings: readonly Finding[]): string {
  return formatTable(
    [{ title: 'what', align: 'left' }, { title: 'measured' }, { title: 'target' }, { title: '', align: 'left' }],
    findings.map(({ what, measured, target, met }) => [what, measured, target, met ? 'met' : 'MISSED']),
  );
}
