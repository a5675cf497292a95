export type { ReasonCount } from './tally.js';
export { witness } from './witness.js';
export { DEFAULT_OPTIONS, type WitnessOptions } from './witness-options.js';
export { isConclusive, reportLines, type WitnessReport } from './witness-report.js';
