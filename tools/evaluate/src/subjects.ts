import { evaluateCache } from './cache/cache-subject.js';
import type { EvaluationOptions } from './evaluation-options.js';
import type { Figure } from './report/measure.js';

export type Subject = (options: EvaluationOptions) => Promise<readonly Figure[]>;

/** What can be evaluated, by the name that the command line takes. */
export const SUBJECTS: ReadonlyMap<string, Subject> = new Map([['cache', evaluateCache]]);
