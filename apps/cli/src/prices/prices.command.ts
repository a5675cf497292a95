import { mkdir, readFile, rename, rm } from 'node:fs/promises';
import { resolve } from 'node:path';
import { readEnvironment } from '@parsimony/environment';
import {
  CATALOGUE_URL,
  CatalogueRefused,
  InvalidPriceData,
  loadCatalogueFile,
  parseCatalogueData,
  type PriceCatalogue,
  refreshCatalogue,
  saveCatalogueFile,
} from '@parsimony/pricing';
import type { Command } from 'commander';
import type { CliContext } from '../cli/context.js';
import { BadInput, CommandFailed } from '../cli/exit-code.js';
import { currentCatalogue, priceFile } from './current-catalogue.js';

/** `parsimony prices refresh` */
export function addPricesCommand(program: Command, context: CliContext): void {
  program
    .command('prices')
    .description('the price catalogue')
    .command('refresh')
    .description('fetch the price data and put them where gateways find them, which take them up by themselves')
    .option('--from <file or URL>', 'price data of the same form', CATALOGUE_URL)
    .option('--force', 'take them even where a provider vanished or a price moved more than tenfold')
    .action(async ({ from, force = false }: { from: string; force?: boolean }) => {
      const home = resolve(readEnvironment(context.variables).PARSIMONY_HOME);
      await mkdir(home, { recursive: true, mode: 0o755 });
      const current = await currentCatalogue(home, context.complain);
      const path = priceFile(home);
      try {
        const next = /^https?:/.test(from)
          ? await refreshCatalogue({ url: from, path, current, force })
          : await takeFile(from, path, current, force);
        context.print(`${path}: ${next.models(Date.now()).length} models, data of ${next.updated}`);
      } catch (error) {
        if (error instanceof InvalidPriceData) throw new BadInput(`${from}: ${error.message}; nothing was changed`);
        if (error instanceof CatalogueRefused) {
          throw new CommandFailed(
            [...error.findings, `refused; nothing was changed. Where it is right: --force`].join('\n'),
          );
        }
        // What fetch throws says no more than "fetch failed".
        if (error instanceof TypeError) throw new CommandFailed(`${from} cannot be reached; nothing was changed`);
        throw error;
      }
    });
}

async function takeFile(from: string, path: string, current: PriceCatalogue, force: boolean): Promise<PriceCatalogue> {
  const text = await readFile(from, 'utf8').catch((error: unknown) => {
    throw new BadInput(`${from} cannot be read: ${error instanceof Error ? error.message : String(error)}`);
  });
  const draft = `${path}.checking`;
  try {
    await saveCatalogueFile(draft, {
      source: from,
      fetchedAt: new Date().toISOString(),
      forced: force,
      providers: parseCatalogueData(jsonOf(text)),
    });
    const next = await loadCatalogueFile(draft, current);
    await rename(draft, path);
    return next;
  } finally {
    await rm(draft, { force: true });
  }
}

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    throw new InvalidPriceData('it is no JSON', { cause: error });
  }
}
