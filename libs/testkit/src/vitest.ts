import { describe, it } from 'vitest';
import { checksFor } from './conformance/run-conformance.js';
import type { ConformanceSubject } from './conformance/subject.js';

/** The conformance suite as vitest cases, one a check. */
export function describePluginConformance(subject: ConformanceSubject): void {
  describe(`${subject.plugin.name} holds the plugin contract`, () => {
    for (const { name, run } of checksFor(subject)) it(name, () => run(subject));
  });
}
