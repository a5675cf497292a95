import { exactly, type Finding } from '../report/finding.js';
import type { FlightRun } from './run-flight.js';

/** One provider call for all, and the right answer for each. */
export function judgeFlight({ stream, answers, providerCalls, expected }: FlightRun): Finding[] {
  const what = `${answers.length} identical calls, ${stream ? 'streamed' : 'whole'}`;
  const right = answers.filter(({ status, text }) => status === 200 && text === expected).length;
  return [
    exactly(`${what}: provider calls`, providerCalls, 1),
    exactly(`${what}: right answers`, right, answers.length),
  ];
}
