import { fail, ok, reasonOf, type Finding } from '../finding.js';
import type { Patient } from '../patient.js';

const CHECK = 'vectors';
const PATIENCE_MS = 5_000;

export async function checkVectors({ environment }: Patient): Promise<readonly Finding[]> {
  const { QDRANT_URL: url, QDRANT_API_KEY: key } = environment;
  if (url === undefined) return [ok(CHECK, 'embedded: QDRANT_URL is not set')];
  try {
    // Unlike its health, the list of collections tells whether the key is right.
    const response = await fetch(`${url}/collections`, {
      headers: key === undefined ? {} : { 'api-key': key },
      signal: AbortSignal.timeout(PATIENCE_MS),
    });
    await response.body?.cancel();
    if (response.ok) return [ok(CHECK, `Qdrant answers at ${url}`)];
    const refused = response.status === 401 || response.status === 403;
    return [fail(CHECK, `Qdrant answers with ${response.status}`, refused ? 'set QDRANT_API_KEY' : 'look at its log')];
  } catch (error) {
    return [fail(CHECK, `Qdrant does not answer at ${url}: ${reasonOf(error)}`, 'see that it runs, and QDRANT_URL')];
  }
}
