import { fileURLToPath } from 'node:url';
import type { FuzzSpec } from '../fuzz/fuzz-report.js';
import { propertySpecs } from '../fuzz/property-specs.js';
import { runSpecs } from '../fuzz/run-specs.js';
import { exactly, type Finding } from '../report/finding.js';

const LEASES = fileURLToPath(new URL('../../../../libs/leases/', import.meta.url));
/** Says how long the model's interleavings are in all, and marks the specs that walk them. */
const STEPS = 'PARSIMONY_LEASE_STEPS';

/** Lets the model of the lease protocol take so many steps. */
export async function runModel(steps: number, signal: AbortSignal): Promise<FuzzSpec[]> {
  const paths = await propertySpecs(LEASES, STEPS);
  if (paths.length === 0) throw new Error(`no spec of libs/leases reads ${STEPS}`);
  return runSpecs(paths, { [STEPS]: String(steps) }, signal);
}

/** A spec that was skipped proves nothing, so it counts as failed. */
export function judgeModel(specs: readonly FuzzSpec[], steps: number): Finding[] {
  const passed = specs.filter(({ status }) => status === 'passed').length;
  return [exactly(`model: specs of the lease protocol that hold, ${steps} steps`, passed, specs.length)];
}
