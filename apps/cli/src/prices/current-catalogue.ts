import { join } from 'node:path';
import { loadCatalogueFile, PriceCatalogue } from '@parsimony/pricing';

/** Where gateways look for price data that were fetched. */
export function priceFile(home: string): string {
  return join(home, 'prices.json');
}

/** The prices that a gateway uses: those fetched last, or those that came with the release. */
export async function currentCatalogue(home: string, complain: (line: string) => void): Promise<PriceCatalogue> {
  const bundled = await PriceCatalogue.bundled();
  try {
    return await loadCatalogueFile(priceFile(home), bundled);
  } catch (error) {
    const missing = error instanceof Error && 'code' in error && error.code === 'ENOENT';
    if (!missing)
      complain(`warning: ${priceFile(home)} is not used: ${error instanceof Error ? error.message : String(error)}`);
    return bundled;
  }
}
