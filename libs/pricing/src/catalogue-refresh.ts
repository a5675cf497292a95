import { REMOTE_DATA_JSON_URL } from '@pydantic/genai-prices';
import { checkCatalogue } from './catalogue-changes.js';
import { InvalidPriceData, parseCatalogueData } from './catalogue-data.js';
import { catalogueOf, saveCatalogueFile, type CatalogueFile } from './catalogue-file.js';
import type { PriceCatalogue } from './price-catalogue.js';

/** Where the makers of the price package publish its data between releases. */
export const CATALOGUE_URL = REMOTE_DATA_JSON_URL;

const LONGEST_WAIT_MS = 60_000;
/** The data have 1.5 MB in 2026. */
const MOST_BYTES = 64 * 1024 * 1024;

export interface RefreshOptions {
  /** `CATALOGUE_URL` unless told. */
  readonly url?: string;
  /** Where the gateway looks for it: `<PARSIMONY_HOME>/prices.json`. */
  readonly path: string;
  readonly current: PriceCatalogue;
  /** Takes also what is unlikely. */
  readonly force?: boolean;
  readonly now?: number;
}

/**
 * Fetches price data, checks them, and puts them where the gateway finds them.
 *
 * @throws InvalidPriceData, CatalogueRefused, or the error of the network or of the file system.
 */
export async function refreshCatalogue(options: RefreshOptions): Promise<PriceCatalogue> {
  const { url = CATALOGUE_URL, path, current, force = false, now = Date.now() } = options;
  const file = await fetchCatalogue(url, now);
  const next = catalogueOf(file.providers, file.fetchedAt);
  if (!force) checkCatalogue(next, current, now);
  await saveCatalogueFile(path, { ...file, forced: force });
  return next;
}

/**
 * Downloads price data as the price package publishes them.
 *
 * @throws InvalidPriceData where they have not that form, or the error of the network.
 */
export async function fetchCatalogue(url = CATALOGUE_URL, now = Date.now()): Promise<CatalogueFile> {
  const response = await fetch(url, { signal: AbortSignal.timeout(LONGEST_WAIT_MS) });
  if (!response.ok) throw new InvalidPriceData(`${url} answered with status ${response.status}`);
  const text = await bounded(response);
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch (error) {
    throw new InvalidPriceData(`${url} did not answer with JSON`, { cause: error });
  }
  return { source: url, fetchedAt: new Date(now).toISOString(), forced: false, providers: parseCatalogueData(json) };
}

async function bounded(response: Response): Promise<string> {
  const chunks: Uint8Array[] = [];
  let bytes = 0;
  const body: AsyncIterable<Uint8Array> | null = response.body;
  for await (const chunk of body ?? []) {
    bytes += chunk.byteLength;
    if (bytes > MOST_BYTES) throw new InvalidPriceData(`the data have more than ${MOST_BYTES} bytes`);
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString();
}
