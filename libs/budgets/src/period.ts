import type { Budget } from '@parsimony/tenancy';
import { Temporal } from 'temporal-polyfill';

/** Milliseconds since the Unix epoch; `start` belongs to the period, `end` to the next one. */
export interface Period {
  readonly start: number;
  /** Null: it never ends. */
  readonly end: number | null;
}

/** Who decides where periods begin and end. */
export type PeriodRule = Pick<Budget, 'period' | 'timezone' | 'createdAt'>;

const MINUTE_MS = 60_000;
const HOUR_MS = 3_600_000;

/**
 * The period of a budget that holds a moment, by the clock and the calendar of its time zone. Weeks begin on Monday
 * (ISO 8601). The hour that autumn has twice is two hours; a day on which the clock skips midnight begins where it goes
 * on. TOTAL begins when the budget was made, and holds what came before as well.
 *
 * @param at milliseconds since the Unix epoch.
 * @throws RangeError for a time zone that is not known here, or a moment that no calendar has.
 */
export function periodOf(rule: PeriodRule, at: number): Period {
  if (rule.period === 'TOTAL') return { start: rule.createdAt.getTime(), end: null };
  const moment = Temporal.Instant.fromEpochMilliseconds(at).toZonedDateTimeISO(rule.timezone);
  if (rule.period === 'HOUR') return hourOf(moment);
  const [first, next] = daysOf(rule.period, moment.toPlainDate());
  return { start: startOfDay(first, rule.timezone), end: startOfDay(next, rule.timezone) };
}

/** The minute of the clock that holds a moment, which rate limits count by. */
export function minuteOf(at: number): { readonly start: number; readonly end: number } {
  const start = Math.floor(at / MINUTE_MS) * MINUTE_MS;
  return { start, end: start + MINUTE_MS };
}

/** From one full hour on the zone's clock to the next: not an hour where the clock is moved by a part of one. */
function hourOf(moment: Temporal.ZonedDateTime): Period {
  return { start: lastFullHour(moment).epochMilliseconds, end: nextFullHour(moment).epochMilliseconds };
}

function lastFullHour(moment: Temporal.ZonedDateTime): Temporal.ZonedDateTime {
  const hour = moment.subtract({ milliseconds: intoHour(moment) });
  if (intoHour(hour) === 0) return hour;
  // The clock was moved in between, and not by full hours or not at a full hour: by the old clock the hour began.
  const moved = moment.add({ milliseconds: 1 }).getTimeZoneTransition('previous') ?? moment;
  const before = moved.subtract({ milliseconds: 1 });
  return before.subtract({ milliseconds: intoHour(before) });
}

function nextFullHour(moment: Temporal.ZonedDateTime): Temporal.ZonedDateTime {
  const hour = moment.add({ milliseconds: HOUR_MS - intoHour(moment) });
  if (intoHour(hour) === 0) return hour;
  const moved = moment.getTimeZoneTransition('next') ?? moment;
  const since = intoHour(moved);
  return since === 0 ? moved : moved.add({ milliseconds: HOUR_MS - since });
}

/** Milliseconds that the clock shows beyond the full hour. */
function intoHour({ minute, second, millisecond }: Temporal.ZonedDateTime): number {
  return (minute * 60 + second) * 1_000 + millisecond;
}

/** The first day of the period, and that of the next. */
function daysOf(
  period: 'DAY' | 'WEEK' | 'MONTH',
  day: Temporal.PlainDate,
): readonly [Temporal.PlainDate, Temporal.PlainDate] {
  if (period === 'DAY') return [day, day.add({ days: 1 })];
  if (period === 'WEEK') {
    const monday = day.subtract({ days: day.dayOfWeek - 1 });
    return [monday, monday.add({ weeks: 1 })];
  }
  const first = day.with({ day: 1 });
  return [first, first.add({ months: 1 })];
}

/** Its first moment: not always midnight. */
function startOfDay(day: Temporal.PlainDate, timezone: string): number {
  return day.toZonedDateTime(timezone).epochMilliseconds;
}
