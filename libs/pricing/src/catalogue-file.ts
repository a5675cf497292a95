import { randomUUID } from 'node:crypto';
import { readFile, rename, rm, writeFile } from 'node:fs/promises';
import type { Provider } from '@pydantic/genai-prices';
import { z } from 'zod';
import { checkCatalogue } from './catalogue-changes.js';
import { InvalidPriceData, parseCatalogueData } from './catalogue-data.js';
import { PriceCatalogue } from './price-catalogue.js';

/** Price data that were fetched, as they are kept beside a gateway. */
export interface CatalogueFile {
  /** The URL. */
  readonly source: string;
  /** ISO 8601. */
  readonly fetchedAt: string;
  /** A person has looked at what is unlikely in it, and wants it. */
  readonly forced: boolean;
  readonly providers: readonly Provider[];
}

const fileSchema = z.object({
  source: z.string(),
  fetchedAt: z.iso.datetime(),
  forced: z.boolean(),
  providers: z.unknown(),
});

/**
 * Reads a file of prices.
 *
 * @param current the prices in use, against which unlikely changes are looked for.
 * @throws InvalidPriceData, CatalogueRefused, or the file system's error.
 */
export async function loadCatalogueFile(
  path: string,
  current: PriceCatalogue,
  now = Date.now(),
): Promise<PriceCatalogue> {
  const { fetchedAt, forced, providers } = parseFile(await readFile(path, 'utf8'));
  const catalogue = catalogueOf(providers, fetchedAt);
  if (!forced) checkCatalogue(catalogue, current, now);
  return catalogue;
}

/** Writes a file of prices whole: who reads it meanwhile has the one before. */
export async function saveCatalogueFile(path: string, file: CatalogueFile): Promise<void> {
  const unfinished = `${path}.${randomUUID()}`;
  try {
    await writeFile(unfinished, JSON.stringify(file), { mode: 0o644 });
    await rename(unfinished, path);
  } catch (error) {
    await rm(unfinished, { force: true });
    throw error;
  }
}

/** @throws InvalidPriceData */
export function catalogueOf(providers: readonly Provider[], fetchedAt: string): PriceCatalogue {
  try {
    return PriceCatalogue.of(providers, fetchedAt.slice(0, 10));
  } catch (error) {
    throw new InvalidPriceData('the data have no prices', { cause: error });
  }
}

function parseFile(text: string): CatalogueFile {
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch (error) {
    throw new InvalidPriceData('the file is not JSON', { cause: error });
  }
  const file = fileSchema.safeParse(json);
  if (!file.success) throw new InvalidPriceData(`the file is none of ours: ${file.error.issues[0]?.message ?? ''}`);
  return { ...file.data, providers: parseCatalogueData(file.data.providers) };
}
