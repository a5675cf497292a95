import { waitForUpdate, type Provider } from '@pydantic/genai-prices';

/**
 * The release of the price package whose bundled data this catalogue shows. The data bear no date of their own, so the
 * day on which the npm registry says that the release was published stands for it: prices may be older, never newer.
 * A spec fails when another release is installed than the one named here.
 */
export const BUNDLED_DATA = Object.freeze({
  package: '@pydantic/genai-prices',
  version: '0.1.8',
  published: '2026-09-23',
});

/**
 * The providers and models that the package brings along. Nothing is fetched: the package goes to the network only for
 * a process that has called its `updatePrices`.
 */
export async function bundledProviders(): Promise<readonly Provider[]> {
  return (await waitForUpdate()) ?? [];
}
