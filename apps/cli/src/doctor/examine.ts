import { fail, reasonOf, type Finding } from './finding.js';
import type { Patient } from './patient.js';
import { checkBudgets } from './checks/budgets.check.js';
import { checkClock } from './checks/clock.check.js';
import { checkDatabase } from './checks/database.check.js';
import { checkExposure } from './checks/exposure.check.js';
import { checkJournal } from './checks/journal.check.js';
import { checkMasterKey } from './checks/master-key.check.js';
import { checkPlugins } from './checks/plugins.check.js';
import { checkPort } from './checks/port.check.js';
import { checkPrices } from './checks/prices.check.js';
import { checkProviders } from './checks/providers.check.js';
import { checkRuntime } from './checks/runtime.check.js';
import { checkVectors } from './checks/vectors.check.js';
import { checkWalls } from './checks/walls.check.js';

type Check = (patient: Patient) => Promise<readonly Finding[]>;

const CHECKS: Readonly<Record<string, Check>> = {
  runtime: checkRuntime,
  database: checkDatabase,
  plugins: checkPlugins,
  walls: checkWalls,
  clock: checkClock,
  journal: checkJournal,
  'master key': checkMasterKey,
  budgets: checkBudgets,
  vectors: checkVectors,
  providers: checkProviders,
  prices: checkPrices,
  port: checkPort,
  exposure: checkExposure,
};

/** Runs every check; one that breaks is a finding and stops no other. */
export async function examine(patient: Patient): Promise<readonly Finding[]> {
  const findings: Finding[] = [];
  // One after the other: a connection answers one query at a time, and clocks are read undisturbed.
  for (const [name, check] of Object.entries(CHECKS)) {
    try {
      findings.push(...(await check(patient)));
    } catch (error) {
      findings.push(fail(name, `the check itself failed: ${reasonOf(error)}`, 'mend what it names, and run it again'));
    }
  }
  return findings;
}
