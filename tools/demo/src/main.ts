import { runDemo } from './demo.js';
import { readOptions, USAGE } from './options.js';

const EXIT_INTERRUPTED = 130;

async function main(): Promise<number> {
  if (process.argv.includes('--help')) {
    console.log(USAGE);
    return 0;
  }
  const options = readOptions(process.argv.slice(2));
  const stopping = new AbortController();
  // npm passes on a Ctrl-C that the terminal has sent already: the second one must not end us before all has stopped.
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const)
    process.on(signal, () => {
      if (!stopping.signal.aborted) console.log('\nStopping …');
      stopping.abort();
    });
  try {
    return (await runDemo(options, stopping.signal, console.log)) ? 0 : 1;
  } catch (error) {
    if (stopping.signal.aborted) return EXIT_INTERRUPTED;
    throw error;
  }
}

main().then(
  (code) => process.exit(code),
  (error: unknown) => {
    console.error(error instanceof Error ? error.message : error);
    process.exit(1);
  },
);
