import { fail, ok, reasonOf, warn, type Finding } from '../finding.js';
import type { Patient } from '../patient.js';
import { clockFinding } from './clock.check.js';
import { providerProbes, type ProviderProbe } from './provider-probes.js';

const PATIENCE_MS = 10_000;
/** An HTTP date has whole seconds, and the answer was under way. */
const DATE_BLUR_MS = 2_000;

export async function checkProviders(patient: Patient): Promise<readonly Finding[]> {
  const probes = providerProbes(patient);
  if (probes.length === 0) {
    return [warn('providers', 'none is set: `parsimony up` calls its simulator', 'set OPENAI_API_KEY, or another’s')];
  }
  return (await Promise.all(probes.map(probe))).flat();
}

async function probe({ name, url, headers, keyVariable }: ProviderProbe): Promise<readonly Finding[]> {
  const check = `provider ${name}`;
  try {
    const response = await fetch(url, { headers: await headers(), signal: AbortSignal.timeout(PATIENCE_MS) });
    await response.body?.cancel();
    const clock = clockOf(name, response.headers.get('date'));
    return [verdict(check, response.status, keyVariable), ...clock];
  } catch (error) {
    const host = new URL(url).host;
    return [
      fail(check, `${host} cannot be reached: ${reasonOf(error)}`, 'see the network, the proxy and the base URL'),
    ];
  }
}

function verdict(check: string, status: number, keyVariable: string): Finding {
  if (status < 300) return ok(check, 'answers, and takes the key');
  if (status === 401 || status === 403) return fail(check, `refuses the key (${status})`, `set ${keyVariable} anew`);
  if (status === 404 || status === 405)
    return warn(check, 'answers, but lists no models', 'see that its base URL is right');
  if (status === 429) return warn(check, 'takes the key, but its limit is reached', 'ask for a higher limit, or wait');
  return warn(check, `answers with ${status}`, 'see its status page, and run this again');
}

function clockOf(name: string, date: string | null): readonly Finding[] {
  const aheadMs = Date.parse(date ?? '') - Date.now();
  return Math.abs(aheadMs) > DATE_BLUR_MS ? [clockFinding(name, aheadMs)] : [];
}
