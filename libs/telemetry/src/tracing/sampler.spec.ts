import { expect, it } from 'vitest';
import { Sampler } from './sampler.js';

const TRACE_ID = '4bf92f3577b34da6a3ce929d0e0e4736';
const SPAN_ID = '00f067aa0ba902b7';
const SAMPLED = `00-${TRACE_ID}-${SPAN_ID}-01`;

it("does as the caller's own trace does", () => {
  const none = new Sampler(0);
  expect(none.decide(SAMPLED, crypto.randomUUID())).toMatchObject({ traceId: TRACE_ID, spanId: SPAN_ID });
  expect(new Sampler(1).decide(`00-${TRACE_ID}-${SPAN_ID}-00`, crypto.randomUUID())).toBe('drop');
});

it.each([
  '',
  'sampled',
  `00-${TRACE_ID}-${SPAN_ID}`,
  `00-${'0'.repeat(32)}-${SPAN_ID}-01`,
  `00-${TRACE_ID}-${'0'.repeat(16)}-01`,
  `ff-${TRACE_ID}-${SPAN_ID}-01`,
  `00-${TRACE_ID.toUpperCase()}-${SPAN_ID}-01`,
  `00-${TRACE_ID}-${SPAN_ID}-01-more`,
  `00-${TRACE_ID}-${SPAN_ID}-01\n00-${TRACE_ID}-${SPAN_ID}-01`,
  `01-${TRACE_ID}-${SPAN_ID}-01-${'a'.repeat(100_000)}`,
  `00-${TRACE_ID}а-${SPAN_ID}-01`,
])('begins a trace of its own where the line is not one: %j', (line) => {
  expect(new Sampler(1).decide(line, crypto.randomUUID())).toBe('begin');
  expect(new Sampler(0).decide(line, crypto.randomUUID())).toBe('drop');
});

it('reads a later version of the line', () => {
  expect(new Sampler(0).decide(`01-${TRACE_ID}-${SPAN_ID}-01-more`, 'x')).toMatchObject({ traceId: TRACE_ID });
});

it.each([0, 0.01, 0.5, 1])('takes a share of %d of the calls, always the same ones', (share) => {
  const [one, other] = [new Sampler(share), new Sampler(share)];
  const calls = Array.from({ length: 20_000 }, () => crypto.randomUUID());
  const taken = calls.filter((id) => one.decide(undefined, id) === 'begin');
  expect(Math.abs(taken.length / calls.length - share)).toBeLessThan(0.015);
  expect(calls.filter((id) => other.decide(undefined, id) === 'begin')).toEqual(taken);
});
