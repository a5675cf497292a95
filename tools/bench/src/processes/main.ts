import { parseArgs } from 'node:util';
import { startFastUpstream } from '../load/fast-upstream.js';
import { measure } from '../report/measure.js';
import { wholeNumber } from '../report/whole-number.js';
import { coresOf } from '../system/affinity.js';
import { parseCoreList } from './core-list.js';
import { judgeProcesses, processLines, type ProcessRound } from './judge-processes.js';
import { leanLoad } from './lean-load.js';
import { PinnedGateway } from './pinned-gateway.js';
import { hasWrk, wrkLoad } from './wrk.js';

await measure('Two gateway processes on two cores against one on one', async (signal) => {
  const { values } = parseArgs({
    options: {
      rounds: { type: 'string', default: '7' },
      seconds: { type: 'string', default: '6' },
      warmup: { type: 'string', default: '6' },
      connections: { type: 'string', default: '64' },
    },
  });
  const [first, second] = parseCoreList(await coresOf(process.pid));
  if (first === undefined || second === undefined) throw new Error('this takes two cores');
  const connections = wholeNumber('connections', values.connections);
  const seconds = wholeNumber('seconds', values.seconds);
  const generate = (await hasWrk()) ? wrkLoad : leanLoad;
  console.log(`load from ${generate === wrkLoad ? 'wrk' : 'this process, since wrk is not installed'}`);

  await using upstream = await startFastUpstream();
  await using one = await PinnedGateway.start(upstream.url, 1, String(first));
  await using two = await PinnedGateway.start(upstream.url, 2, `${first},${second}`);
  for (const gateway of [one, two])
    await gateway.run(generate, { connections, seconds: wholeNumber('warmup', values.warmup) }, signal);
  const rounds: ProcessRound[] = [];
  const run = (gateway: PinnedGateway) => gateway.run(generate, { connections, seconds }, signal);
  for (let round = 0; round < wholeNumber('rounds', values.rounds); round++) {
    // Whoever goes second finds a warmer machine, or a tired one.
    const oneFirst = round % 2 === 0 ? await run(one) : undefined;
    const ofTwo = await run(two);
    rounds.push({ round, one: oneFirst ?? (await run(one)), two: ofTwo });
  }
  for (const line of processLines(rounds)) console.log(line);
  return judgeProcesses(rounds);
});
