import { readOptions, USAGE } from './read-options.js';
import { witness } from './witness.js';
import { isConclusive, reportJson, reportLines } from './witness-report.js';

const EXIT_OVERSPENT = 1;
const EXIT_NOTHING_PROVED = 2;
const EXIT_INTERRUPTED = 130;

async function main(args: readonly string[], signal: AbortSignal): Promise<number> {
  if (args.includes('--help')) {
    console.log(USAGE);
    return 0;
  }
  const { options, json } = readOptions(args);
  const report = await witness(options, signal);
  console.log(json ? reportJson(report) : reportLines(report).join('\n'));
  if (report.overshoot > 0n) return EXIT_OVERSPENT;
  return isConclusive(report) ? 0 : EXIT_NOTHING_PROVED;
}

const stopping = new AbortController();
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, () => stopping.abort());

main(process.argv.slice(2), stopping.signal).then(
  (code) => process.exit(code),
  (error: unknown) => {
    if (stopping.signal.aborted) process.exit(EXIT_INTERRUPTED);
    console.error(error instanceof Error ? error.message : error);
    process.exit(EXIT_NOTHING_PROVED);
  },
);
