import { existsSync, readFileSync } from 'node:fs';
import { gunzipSync } from 'node:zlib';

const FOLDER = new URL('../../../../shared/data/prices/', import.meta.url);

/** Whether the price files lie beside the repository. */
export function hasPriceFile(name: string): boolean {
  const present = existsSync(new URL(name, FOLDER));
  if (!present) console.warn(`SKIPPED: ${name} is not in ../shared/data/prices, so prices are not compared with it`);
  return present;
}

/** The parsed JSON of a gzip file. */
export function readPriceFile<T>(name: string): T {
  return JSON.parse(gunzipSync(readFileSync(new URL(name, FOLDER))).toString()) as T;
}
