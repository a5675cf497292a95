import type { Stage, StagedLayer } from '@parsimony/contract';
import { BUILDING_CHECKS } from './building-checks.js';
import { CLOSING_CHECKS } from './closing-checks.js';
import { CONCURRENCY_CHECKS } from './concurrency-checks.js';
import { CONFIGURATION_CHECKS } from './configuration-checks.js';
import { DECLARATION_CHECKS } from './declaration-checks.js';
import { EVENT_CHECKS } from './event-checks.js';
import { LEAVING_CHECKS } from './leaving-checks.js';
import { NEXT_CHECKS } from './next-checks.js';
import { REFUSAL_CHECKS } from './refusal-checks.js';
import { SHARING_CHECKS } from './sharing-checks.js';
import type { ConformanceCheck, ConformanceSubject } from './subject.js';

/** All that a plugin must hold. */
export const CONFORMANCE_CHECKS: readonly ConformanceCheck[] = [
  ...DECLARATION_CHECKS,
  ...CONFIGURATION_CHECKS,
  ...BUILDING_CHECKS,
  ...EVENT_CHECKS,
  ...LEAVING_CHECKS,
  ...NEXT_CHECKS,
  ...CONCURRENCY_CHECKS,
  ...SHARING_CHECKS,
  ...REFUSAL_CHECKS,
  ...CLOSING_CHECKS,
];

/** A check that a plugin does not hold. */
export interface Finding {
  readonly check: string;
  readonly error: unknown;
}

/**
 * The checks that concern a plugin, by what it declares and what samples there are; those of a layer once for each stage
 * where the plugin has several.
 */
export function checksFor(subject: ConformanceSubject): readonly ConformanceCheck[] {
  const whole = CONFORMANCE_CHECKS.filter(({ concerns }) => concerns?.(subject) ?? true);
  const staged = stagesOf(subject).flatMap(({ stage, one }) =>
    CONFORMANCE_CHECKS.filter(({ concerns }) => concerns?.(one)).map(({ name, run }) => ({
      name: `${name} (stage ${stage})`,
      run: () => run(one),
    })),
  );
  return [...whole, ...staged];
}

/** A plugin of several layers as so many plugins of one layer each. */
function stagesOf(subject: ConformanceSubject): readonly { readonly stage: Stage; readonly one: ConformanceSubject }[] {
  const { layers = [], ...plugin } = subject.plugin;
  return layers.map((staged) => {
    const { stage } = staged;
    const layer: StagedLayer<unknown, AsyncDisposable>['layer'] = (...given) => staged.layer(...given);
    return { stage, one: { ...subject, plugin: { ...plugin, stage, layer } } };
  });
}

/** Runs the suite without a test runner. An empty list is what a plugin wants to see. */
export async function runConformance(subject: ConformanceSubject): Promise<readonly Finding[]> {
  const findings: Finding[] = [];
  for (const { name, run } of checksFor(subject)) {
    try {
      await run(subject);
    } catch (error) {
      findings.push({ check: name, error });
    }
  }
  return findings;
}
