import { randomUUID } from 'node:crypto';
import { EXCHANGE_PATH } from '@parsimony/leases';
import { readAddress } from '../../database/address-file.js';
import { readServiceToken } from '../../up/service-token.js';
import { fail, ok, reasonOf, warn, type Finding } from '../finding.js';
import type { Patient } from '../patient.js';
import { clockFinding } from './clock.check.js';

const CHECK = 'budgets';
const PATIENCE_MS = 5_000;
/** An HTTP date has whole seconds, and the answer was under way. */
const DATE_BLUR_MS = 2_000;

/** Whether the budgets service answers, takes the token, and goes by the same time as this machine. */
export async function checkBudgets({ environment, home, database }: Patient): Promise<readonly Finding[]> {
  const { PARSIMONY_BUDGETS_URL: elsewhere, PARSIMONY_SERVICE_TOKEN: token } = environment;
  if (elsewhere.length > 0) return (await Promise.all(elsewhere.map((url) => ask(url, token)))).flat();
  const here = await readAddress(home, 'budgets');
  const kept = await readServiceToken(home);
  if (here !== undefined) return ask(here, token ?? kept);
  // `parsimony up` has run here, and will bring it up again.
  if (kept === undefined && (await hasHardBudgets(database))) {
    return [
      warn(
        CHECK,
        'there are HARD budgets, and PARSIMONY_BUDGETS_URL is not set: a gateway refuses the calls below them',
        'run the budgets service, and say where it is',
      ),
    ];
  }
  return [ok(CHECK, 'the service does not run here now; `parsimony up` starts it with the gateway')];
}

async function ask(url: string, token: string | undefined): Promise<readonly Finding[]> {
  try {
    const response = await fetch(`${url}${EXCHANGE_PATH}`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', ...(token !== undefined && { authorization: `Bearer ${token}` }) },
      // Of a holder that has no leases, and asks for none.
      body: JSON.stringify({ holder: randomUUID(), sequence: 1, leases: [] }),
      signal: AbortSignal.timeout(PATIENCE_MS),
    });
    await response.body?.cancel();
    const lends = response.ok && (await isReady(url));
    return [verdict(url, response.status, lends), ...clockOf(url, response.headers.get('date'))];
  } catch (error) {
    return [
      fail(
        CHECK,
        `the service at ${url} does not answer: ${reasonOf(error)}; calls under HARD budgets are refused before long`,
        'see that it runs, that PARSIMONY_BUDGETS_URL is right, and that gateways may reach it',
      ),
    ];
  }
}

async function hasHardBudgets(database: Patient['database']): Promise<boolean> {
  if (!database) return false;
  const { rows: found } = await database.query<{ there: boolean }>(`SELECT to_regclass('budget') IS NOT NULL AS there`);
  if (!found[0]?.there) return false;
  const { rows } = await database.query<{ some: boolean }>(
    `SELECT EXISTS (SELECT FROM budget WHERE mode = 'HARD' AND deleted_at IS NULL) AS some`,
  );
  return rows[0]?.some ?? false;
}

/** Whether it has its database. */
async function isReady(url: string): Promise<boolean> {
  const response = await fetch(`${url}/readyz`, { signal: AbortSignal.timeout(PATIENCE_MS) });
  await response.body?.cancel();
  return response.ok;
}

function verdict(url: string, status: number, lends: boolean): Finding {
  if (lends) return ok(CHECK, `the service at ${url} answers, and takes the token`);
  if (status < 300 || status === 503)
    return fail(CHECK, `the service at ${url} has no database`, 'see its DATABASE_URL, and its log');
  if (status === 401 || status === 403)
    return fail(
      CHECK,
      `the service at ${url} refuses the token`,
      'give it and all gateways one PARSIMONY_SERVICE_TOKEN',
    );
  return warn(CHECK, `${url} answers with ${status}`, 'see that PARSIMONY_BUDGETS_URL names the budgets service');
}

function clockOf(url: string, date: string | null): readonly Finding[] {
  const aheadMs = Date.parse(date ?? '') - Date.now();
  return Math.abs(aheadMs) > DATE_BLUR_MS ? [clockFinding(`the budgets service at ${url}`, aheadMs)] : [];
}
