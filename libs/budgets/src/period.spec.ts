import fc from 'fast-check';
import { Temporal } from 'temporal-polyfill';
import { describe, expect, it } from 'vitest';
import { minuteOf, periodOf } from './period.js';
import type { PeriodRule } from './period.js';

const HOUR_MS = 3_600_000;
const rule = (period: PeriodRule['period'], timezone = 'UTC'): PeriodRule => ({
  ...{ period, timezone, createdAt: new Date('2026-11-24T10:20:30.400Z') },
});
/** Of a moment in ISO 8601, as a text of the same. */
function bounds(one: PeriodRule, at: string): readonly (string | null)[] {
  const { start, end } = periodOf(one, Date.parse(at));
  return [new Date(start).toISOString(), end === null ? null : new Date(end).toISOString()];
}

describe('a period', () => {
  it.each<[string, PeriodRule, string, string, string | null]>([
    ['an hour', rule('HOUR'), '2026-11-24T10:59:59.999Z', '2026-11-24T10:00:00.000Z', '2026-11-24T11:00:00.000Z'],
    [
      ...(['an hour of a zone of 45 minutes', rule('HOUR', 'Asia/Kathmandu'), '2026-11-24T10:20:00Z'] as const),
      ...(['2026-11-24T10:15:00.000Z', '2026-11-24T11:15:00.000Z'] as const),
    ],
    [
      ...(['the first of two hours from two to three', rule('HOUR', 'Europe/Berlin'), '2026-10-25T00:30:00Z'] as const),
      ...(['2026-10-25T00:00:00.000Z', '2026-10-25T01:00:00.000Z'] as const),
    ],
    [
      ...(['the second of them', rule('HOUR', 'Europe/Berlin'), '2026-10-25T01:30:00Z'] as const),
      ...(['2026-10-25T01:00:00.000Z', '2026-10-25T02:00:00.000Z'] as const),
    ],
    [
      ...(['an hour and a half where the clock goes back by half', rule('HOUR', 'Australia/Lord_Howe')] as const),
      ...(['2026-04-04T15:20:00Z', '2026-04-04T14:00:00.000Z', '2026-04-04T15:30:00.000Z'] as const),
    ],
    [
      ...(['a day', rule('DAY', 'Europe/Moscow'), '2026-11-24T21:00:00Z'] as const),
      ...(['2026-11-24T21:00:00.000Z', '2026-11-25T21:00:00.000Z'] as const),
    ],
    [
      ...(['a day of 23 hours', rule('DAY', 'Europe/Berlin'), '2026-03-29T12:00:00Z'] as const),
      ...(['2026-03-28T23:00:00.000Z', '2026-03-29T22:00:00.000Z'] as const),
    ],
    [
      ...(['a day without midnight', rule('DAY', 'Africa/Cairo'), '2026-04-24T12:00:00Z'] as const),
      ...(['2026-04-23T22:00:00.000Z', '2026-04-24T21:00:00.000Z'] as const),
    ],
    [
      ...(['a week from Monday', rule('WEEK'), '2027-01-03T23:59:59Z'] as const),
      ...(['2026-12-28T00:00:00.000Z', '2027-01-04T00:00:00.000Z'] as const),
    ],
    [
      ...(['a month', rule('MONTH', 'America/New_York'), '2026-12-01T04:59:59Z'] as const),
      ...(['2026-11-01T04:00:00.000Z', '2026-12-01T05:00:00.000Z'] as const),
    ],
    ['everything', rule('TOTAL'), '2030-01-01T00:00:00Z', '2026-11-24T10:20:30.400Z', null],
    ['everything, and what came before', rule('TOTAL'), '2020-01-01T00:00:00Z', '2026-11-24T10:20:30.400Z', null],
  ])('is %s', (_, one, at, start, end) => {
    expect(bounds(one, at)).toEqual([start, end]);
  });

  it('needs a time zone and a moment that there are', () => {
    expect(() => periodOf(rule('DAY', 'Europe/Atlantis'), 0)).toThrow(RangeError);
    expect(() => periodOf(rule('DAY'), 1e16)).toThrow(RangeError);
  });
});

const timezone = fc.constantFrom(
  ...Intl.supportedValuesOf('timeZone'),
  'UTC',
  'EST5EDT',
  'Etc/GMT+12',
  'Asia/Calcutta',
);
const from = Date.parse('2015-01-01T00:00:00Z');
const to = Date.parse('2038-01-01T00:00:00Z');
const anywhere = fc.integer({ min: from, max: to });
/** Within hours of a moment at which the zone's clock is put forward or back, where there is one. */
const nearTransition = fc
  .record({ timezone, at: anywhere, distance: fc.integer({ min: -3 * HOUR_MS, max: 3 * HOUR_MS }) })
  .map(({ timezone, at, distance }) => {
    const zoned = Temporal.Instant.fromEpochMilliseconds(at).toZonedDateTimeISO(timezone);
    const transition = zoned.getTimeZoneTransition('next');
    return { timezone, at: transition === null ? at : transition.epochMilliseconds + distance };
  });
const somewhere = fc.oneof(fc.record({ timezone, at: anywhere }), nearTransition);

describe.each(['HOUR', 'DAY', 'WEEK', 'MONTH'] as const)('periods of a %s', (period) => {
  it('hold their moments, and leave none between them, in every time zone', () => {
    fc.assert(
      fc.property(somewhere, ({ timezone, at }) => {
        const one = rule(period, timezone);
        const { start, end } = periodOf(one, at);
        if (end === null) throw new Error('it has no end');
        expect(start).toBeLessThanOrEqual(at);
        expect(at).toBeLessThan(end);
        for (const moment of [start, at, end - 1]) expect(periodOf(one, moment)).toEqual({ start, end });
        expect(periodOf(one, end).start).toBe(end);
        expect(periodOf(one, start - 1).end).toBe(start);
      }),
      { numRuns: 2_000 },
    );
  }, 60_000);
});

it('hours begin at full hours of the clock, and are shorter than two', () => {
  fc.assert(
    fc.property(somewhere, ({ timezone, at }) => {
      const { start, end } = periodOf(rule('HOUR', timezone), at);
      const local = Temporal.Instant.fromEpochMilliseconds(start).toZonedDateTimeISO(timezone);
      expect([local.minute, local.second, local.millisecond]).toEqual([0, 0, 0]);
      expect(Number(end) - start).toBeLessThan(2 * HOUR_MS);
    }),
    { numRuns: 2_000 },
  );
}, 60_000);

it('a minute is one of the clock', () => {
  fc.assert(
    fc.property(anywhere, (at) => {
      const { start, end } = minuteOf(at);
      expect(start % 60_000).toBe(0);
      expect(end - start).toBe(60_000);
      expect(start <= at && at < end).toBe(true);
    }),
  );
});
