import { exactly, type Finding } from '../report/finding.js';
import { ratioAtMost } from '../report/ratio-finding.js';
import { roundRatio } from '../statistics/round-ratio.js';
import { formatSpread, spreadOf } from '../statistics/spread.js';
import type { Sample } from './measure-cpu.js';
import { PROTOCOLS, type Protocol } from './request-body.js';

/** A call that is translated may cost so many times one that is not. */
const CROSS_AT_MOST = 1.5;

/** Holds each call across protocols against that of the same caller to a provider which speaks its protocol. */
export function judgeProtocols(samples: readonly Sample[]): Finding[] {
  const ratios = [false, true].flatMap((stream) =>
    PROTOCOLS.map((protocol) => {
      const figures = (same: boolean) => figuresOf(samples, { protocol, stream, same });
      const what = `CPU of ${protocol} across protocols, ${stream ? 'streamed' : 'whole'}, of the same protocol’s`;
      return ratioAtMost(what, roundRatio(figures(false), figures(true)), CROSS_AT_MOST);
    }),
  );
  const failed = samples.reduce((sum, sample) => sum + sample.failed, 0);
  return [...ratios, exactly('failed calls', failed, 0)];
}

/** @returns lines such as `chat→openai, whole  131 µs (128–140)`. */
export function cpuLines(samples: readonly Sample[]): string[] {
  const byName = Map.groupBy(samples, ({ variant }) => variant.name);
  return [...byName].map(
    ([name, those]) => `${name.padEnd(30)} ${formatSpread(spreadOf(those.map(({ cpu }) => cpu)), 0, 'µs')}`,
  );
}

interface Wanted {
  readonly protocol: Protocol;
  readonly stream: boolean;
  readonly same: boolean;
}

function figuresOf(samples: readonly Sample[], { protocol, stream, same }: Wanted) {
  return samples
    .filter(({ variant }) => variant.protocol === protocol && variant.stream === stream && variant.same === same)
    .map(({ round, cpu }) => ({ round, value: cpu }));
}
