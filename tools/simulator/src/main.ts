import { readCommandLine, USAGE } from './command-line.js';
import { startSimulator, type Simulator } from './simulator.js';

if (process.argv.includes('--help')) {
  console.log(USAGE);
  process.exit(0);
}

// A parent that was killed sends no signal: the closed channel is all that tells of it.
if (process.connected) process.once('disconnect', () => process.exit(0));

const simulator = await start();

for (const signal of ['SIGTERM', 'SIGINT'] as const) process.once(signal, () => void stop(simulator));

async function start(): Promise<Simulator> {
  try {
    const started = await startSimulator(readCommandLine(process.argv.slice(2), process.env));
    process.send?.({ ready: true, url: started.url });
    console.log(`Simulator ready on ${started.url}/v1, its bill on ${started.url}/simulator/bill`);
    return started;
  } catch (error) {
    console.error(`Simulator did not start: ${error instanceof Error ? error.message : String(error)}`);
    return process.exit(1);
  }
}

async function stop(running: Simulator): Promise<void> {
  await running.close();
  process.exit(0);
}
