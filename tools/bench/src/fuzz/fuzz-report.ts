import { exactly, type Finding } from '../report/finding.js';

/** One spec of a run of vitest; in milliseconds. */
export interface FuzzSpec {
  readonly fullName: string;
  readonly status: string;
  readonly duration?: number | null | undefined;
}

/** @param json what vitest's JSON reporter wrote. @throws Error where it has no specs. */
export function parseFuzzReport(json: string): FuzzSpec[] {
  const { testResults = [] } = JSON.parse(json) as {
    readonly testResults?: readonly { readonly assertionResults?: readonly FuzzSpec[] }[];
  };
  const specs = testResults.flatMap(({ assertionResults = [] }) => assertionResults);
  if (specs.length === 0) throw new Error('vitest ran no specs');
  return specs;
}

/** A spec that was skipped proves nothing, so it counts as failed. */
export function judgeFuzz(specs: readonly FuzzSpec[], cases: number): Finding[] {
  const passed = specs.filter(({ status }) => status === 'passed').length;
  return [exactly(`specs that hold, ${cases} cases for each property`, passed, specs.length)];
}

/** The specs that took longest, with their seconds. */
export function slowestLines(specs: readonly FuzzSpec[], count: number): string[] {
  return specs
    .toSorted((a, b) => (b.duration ?? 0) - (a.duration ?? 0))
    .slice(0, count)
    .map(({ fullName, duration }) => `${((duration ?? 0) / 1000).toFixed(1).padStart(8)} s  ${fullName}`);
}
