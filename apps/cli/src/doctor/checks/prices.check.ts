import { catalogueAge } from '@parsimony/pricing';
import { currentCatalogue } from '../../prices/current-catalogue.js';
import { ok, warn, type Finding } from '../finding.js';
import type { Patient } from '../patient.js';

const DAY_MS = 86_400_000;
const OLD_DAYS = 90;

export async function checkPrices({ home }: Patient): Promise<readonly Finding[]> {
  const complaints: string[] = [];
  const catalogue = await currentCatalogue(home, (line) => complaints.push(line));
  const days = Math.floor(catalogueAge(catalogue, Date.now()) / DAY_MS);
  const message = `the price data are of ${catalogue.updated}, ${days} days ago`;
  const action = 'run `parsimony prices refresh`: costs are right only as prices are';
  return [
    ...complaints.map((line) => warn('prices', line, 'run `parsimony prices refresh` anew')),
    days > OLD_DAYS ? warn('prices', message, action) : ok('prices', message),
  ];
}
