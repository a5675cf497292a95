import { describe, expect, it } from 'vitest';
import { addedRatioOf, ratioOf } from './compare-rounds.js';
import { parseHarnessReport, type HarnessRound } from './harness-report.js';
import { judgeStreams, judgeWhole } from './judge-speed.js';
import { harnessArguments } from './run-harness.js';

const at = (round: number, conc: number, target: string, figures: Partial<HarnessRound>): HarnessRound => ({
  target,
  conc,
  round,
  ...figures,
});

describe('ratioOf', () => {
  const drifting = [1, 2, 4].flatMap((speed, round) => [
    at(round, 64, 'ours', { rps: 700 * speed }),
    at(round, 64, 'floor', { rps: 1_000 * speed }),
  ]);

  it('compares within a round, so that a machine that gets faster changes nothing', () =>
    expect(ratioOf(drifting, 64, 'rps', ['ours', 'floor'])).toEqual({ min: 0.7, median: 0.7, max: 0.7 }));

  it('leaves out rounds in which others used the core, where there are better ones', () => {
    const disturbed = [at(9, 64, 'ours', { rps: 100, foreign: 0.5 }), at(9, 64, 'floor', { rps: 1_000 })];
    expect(ratioOf([...drifting, ...disturbed], 64, 'rps', ['ours', 'floor'])?.min).toBe(0.7);
    expect(ratioOf(disturbed, 64, 'rps', ['ours', 'floor'])?.min).toBe(0.1);
  });

  it('is undefined where one of them was not measured', () => {
    expect(ratioOf(drifting, 64, 'rps', ['ours', 'portkey'])).toBeUndefined();
    expect(ratioOf(drifting, 1, 'rps', ['ours', 'floor'])).toBeUndefined();
    const failed = [at(0, 64, 'ours', { failed: 'away' }), at(0, 64, 'floor', { rps: 1 })];
    expect(ratioOf(failed, 64, 'rps', ['ours', 'floor'])).toBeUndefined();
  });
});

it('compares what is added to a direct call', () => {
  const rounds = [at(0, 1, 'direct', { p50: 20 }), at(0, 1, 'ours', { p50: 260 }), at(0, 1, 'floor', { p50: 220 })];
  expect(addedRatioOf(rounds, 1, 'p50', ['ours', 'floor'])?.median).toBeCloseTo(1.2, 12);
});

describe('judging', () => {
  const whole = [
    at(0, 1, 'direct', { p50: 20 }),
    at(0, 1, 'floor-fastify', { p50: 220 }),
    at(0, 1, 'parsimony', { p50: 270 }),
    at(0, 64, 'floor-proxy', { rps: 15_000 }),
    at(0, 64, 'portkey', { rps: 1_500 }),
    at(0, 64, 'parsimony', { rps: 10_500, errors: 0 }),
  ];
  const met = (rounds: readonly HarnessRound[]) => judgeWhole(rounds).map((finding) => finding.met);

  it('meets every target', () => expect(met(whole)).toEqual([true, true, true, true]));
  it('misses what is too slow', () => {
    const slow = whole.map((round) => (round.rps === 10_500 ? { ...round, rps: 8_500 } : round));
    expect(met(slow)).toEqual([false, false, true, true]);
  });
  it('does not meet what was not measured', () =>
    expect(met(whole.filter(({ target }) => target !== 'portkey'))).toEqual([true, false, true, true]));
  it('counts errors', () =>
    expect(met([...whole, at(1, 64, 'parsimony', { failed: 'away' })])).toEqual([true, true, true, false]));

  it('judges streams by their first byte', () => {
    const streams = (ours: number) => [
      at(0, 64, 'direct', { ttfb50: 100 }),
      at(0, 64, 'floor-fastify', { ttfb50: 500 }),
      at(0, 64, 'parsimony', { ttfb50: ours }),
    ];
    expect(judgeStreams(streams(690))[0]).toMatchObject({ met: true });
    expect(judgeStreams(streams(710))[0]).toMatchObject({ met: false });
  });
});

it('refuses a report without rounds', () => {
  expect(parseHarnessReport('{"raw":[{"target":"a","conc":1,"round":0,"rps":5}]}')).toHaveLength(1);
  for (const text of ['{}', '{"raw":{}}', '{"raw":[{"target":"a"}]}', '{"raw":[null]}'])
    expect(() => parseHarnessReport(text)).toThrow('rounds');
});

it('hands the harness our address, headers and process', () => {
  const target = { name: 'parsimony', url: 'http://127.0.0.1:1/v1', headers: { authorization: 'Bearer k' }, pid: 7 };
  const run = {
    target,
    peers: ['direct', 'floor-proxy'],
    concurrencies: [1, 64],
    options: ['--stream'],
    out: 'x.json',
  };
  expect(harnessArguments(run).join(' ')).toBe(
    '--targets direct,floor-proxy --target parsimony=http://127.0.0.1:1/v1,{"authorization":"Bearer k"},7 ' +
      '--conc 1,64 --out x.json --stream',
  );
});
