import { describe, expect, it } from 'vitest';
import { startFastUpstream } from '../load/fast-upstream.js';
import { chatRequest } from '../load/chat-request.js';
import { parseCoreList } from './core-list.js';
import { judgeProcesses, processLines } from './judge-processes.js';
import { leanLoad } from './lean-load.js';
import type { LoadGenerator } from './load-result.js';
import { hasWrk, parseWrkReport, wrkLoad, wrkScript } from './wrk.js';

const REPORT = `Running 6s test @ http://127.0.0.1:4000/v1/chat/completions
  1 threads and 64 connections
  Thread Stats   Avg      Stdev     Max   +/- Stdev
    Latency     6.20ms    1.10ms  41.20ms   91.00%
    Req/Sec    10.31k   612.00    11.20k    78.33%
  61848 requests in 6.01s, 79.10MB read
Requests/sec:  10291.42
Transfer/sec:     13.16MB
`;

describe('the report of wrk', () => {
  it('has calls and rate', () => expect(parseWrkReport(REPORT)).toEqual({ calls: 61_848, rate: 10_291.42, failed: 0 }));

  it('has refused calls and broken connections', () => {
    const bad = REPORT.replace(
      'Requests/sec',
      '  Socket errors: connect 1, read 2, write 3, timeout 4\n  Non-2xx or 3xx responses: 500\nRequests/sec',
    );
    expect(parseWrkReport(bad).failed).toBe(510);
  });

  it('is not taken from anything else', () => expect(() => parseWrkReport('unable to connect')).toThrow('unable'));
});

it('hands wrk header and body as they are', () => {
  const script = wrkScript({ path: '/', headers: { authorization: 'Bearer k' }, body: '{"a":["\\"да"]}' });
  expect(script.split('\n')).toEqual([
    'wrk.method = "POST"',
    'wrk.headers[ [==[authorization]==] ] = [==[Bearer k]==]',
    'wrk.body = [==[{"a":["\\"да"]}]==]',
    '',
  ]);
});

const GENERATORS: readonly { readonly name: string; readonly generate: LoadGenerator }[] = [
  { name: 'lean', generate: leanLoad },
  ...((await hasWrk()) ? [{ name: 'wrk', generate: wrkLoad }] : []),
];

describe('the load generators', () => {
  const { signal } = new AbortController();

  it.each(GENERATORS)('$name counts what was answered and what was refused', async ({ generate }) => {
    await using upstream = await startFastUpstream();
    const request = chatRequest('psk_test', false);
    const task = { url: upstream.url, request, connections: 4, seconds: 1 };
    const answered = await generate(task, signal);
    expect(answered.failed).toBe(0);
    expect(answered.calls).toBeGreaterThan(100);
    expect(answered.calls / answered.rate).toBeCloseTo(1, 0);
    const refused = await generate({ ...task, request: { ...request, path: '/nowhere' } }, signal);
    expect(refused.failed).toBe(refused.calls);
  });
});

it('reads lists of cores', () => {
  expect(parseCoreList('0')).toEqual([0]);
  expect(parseCoreList('0,2-4,7')).toEqual([0, 2, 3, 4, 7]);
});

describe('judging', () => {
  const run = (rate: number, failed = 0) => ({ rate, failed, calls: rate, cpu: 90 });
  const round = (number: number, one: number, two: number) => ({ round: number, one: run(one), two: run(two) });
  const met = (...rounds: Parameters<typeof judgeProcesses>) => judgeProcesses(...rounds).map((finding) => finding.met);

  it('takes the median of the rounds', () => {
    expect(met([round(0, 100, 171), round(1, 200, 342), round(2, 100, 90)])).toEqual([true, true]);
    expect(met([round(0, 100, 169), round(1, 200, 338), round(2, 100, 190)])).toEqual([false, true]);
  });
  it('counts failed calls', () => expect(met([{ ...round(0, 100, 180), two: run(180, 1) }])).toEqual([true, false]));
  it('shows rate and CPU of both', () =>
    expect(processLines([round(0, 100, 180)])).toEqual([
      '1 process, everything on 1 core: 100 requests/s (100–100); CPU of the gateway per call 90 µs (90–90)',
      '2 processes, everything on 2 cores: 180 requests/s (180–180); CPU of the gateway per call 90 µs (90–90)',
    ]));
});
