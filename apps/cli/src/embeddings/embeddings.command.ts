import { isJsonObject, type Json } from '@parsimony/contract';
import type { Environment } from '@parsimony/environment';
import type { Command } from 'commander';
import type { CliContext } from '../cli/context.js';
import { BadInput } from '../cli/exit-code.js';
import { openTenancy, type Tenancy } from '../database/open-tenancy.js';
import { compareEmbedders } from './compare-embedders.js';
import { comparisonJson, comparisonLines } from './comparison-lines.js';
import { readPairs } from './read-pairs.js';

const CACHE = 'semantic-cache';
/** As the cache has it where a document says nothing. */
const DEFAULT_ERROR_RATE = 0.01;
const KEY_MS = 3_600_000;

interface CompareOptions {
  readonly tenant: string;
  readonly models: string;
  readonly sample: string;
  readonly maxErrorRate?: string;
  readonly url?: string;
  readonly json?: boolean;
}

/** `parsimony embeddings compare` */
export function addEmbeddingsCommand(program: Command, context: CliContext): void {
  program
    .command('embeddings')
    .description('how questions are turned into vectors')
    .command('compare')
    .description(
      'say which embedder pays for a tenant, by pairs of questions whose answers its semantic cache has held against each ' +
        'other. Texts of the tenant go to the models that are named, at its cost, through the running gateway',
    )
    .requiredOption('--tenant <name>', 'the tenant')
    .option(
      '--models <list>',
      'embedders with commas between them: bundled, or a model of a provider',
      'openai/text-embedding-3-small,openai/text-embedding-3-large,bundled',
    )
    .option('--sample <pairs>', 'how many pairs at the most, the newest first', '2000')
    .option(
      '--max-error-rate <share>',
      'share of look-ups that may be answered wrongly; left out: as the tenant has it',
    )
    .option('--url <url>', 'the gateway; left out: on this machine, at PORT')
    .option('--json', 'the comparison as JSON')
    .action(async (options: CompareOptions) => {
      const models = modelsOf(options.models);
      const sample = sampleOf(options.sample);
      await using tenancy = await openTenancy(context);
      const tenant = await tenancy.tenants.findByName(options.tenant);
      if (!tenant) throw new BadInput(`there is no tenant "${options.tenant}"`);
      const { document } = await tenancy.configurations.current(tenant.id);
      const maxErrorRate = errorRateOf(options.maxErrorRate) ?? configuredErrorRate(document);
      const pairs = await readPairs(tenancy.dataSource, tenant.id, sample);
      await using key = await temporaryKey(tenancy, tenant.id);
      const url = options.url?.replace(/\/+$/, '') ?? gatewayUrl(tenancy.environment);
      const comparison = await compareEmbedders(models, pairs, maxErrorRate, { url, key: key.secret });
      if (options.json) context.print(comparisonJson(comparison));
      else for (const line of comparisonLines(comparison)) context.print(line);
    });
}

/** A key of the tenant's that ends with the command, whatever ends it. */
async function temporaryKey(
  { keys }: Tenancy,
  tenantId: string,
): Promise<AsyncDisposable & { readonly secret: string }> {
  const { secret, apiKey } = await keys.create({
    tenantId,
    teamId: null,
    name: 'parsimony embeddings compare',
    role: 'MEMBER',
    expiresAt: new Date(Date.now() + KEY_MS),
    allowedModels: null,
    allowedAddresses: null,
  });
  return { secret, [Symbol.asyncDispose]: async () => void (await keys.revoke(tenantId, apiKey.id)) };
}

function gatewayUrl({ HOST, PORT }: Environment): string {
  const everywhere = HOST === '0.0.0.0' || HOST === '::';
  const host = everywhere ? '127.0.0.1' : HOST;
  return `http://${host.includes(':') ? `[${host}]` : host}:${PORT}`;
}

function configuredErrorRate(document: Json): number {
  const plugins = isJsonObject(document) ? document['plugins'] : undefined;
  const uses: readonly Json[] = Array.isArray(plugins) ? plugins : [];
  const cache = uses.find((use) => isJsonObject(use) && use['use'] === CACHE);
  const config = isJsonObject(cache) ? cache['config'] : undefined;
  const rate = isJsonObject(config) ? config['maxErrorRate'] : undefined;
  return typeof rate === 'number' ? rate : DEFAULT_ERROR_RATE;
}

function modelsOf(list: string): readonly [string, ...string[]] {
  const [first, ...others] = list.split(',').map((name) => name.trim());
  if (!first || others.includes('')) throw new BadInput('--models: expected names with commas between them');
  return [first, ...others];
}

function sampleOf(text: string): number {
  const sample = Number(text);
  if (!Number.isInteger(sample) || sample < 1 || sample > 100_000)
    throw new BadInput('--sample is a whole number from 1 to 100000');
  return sample;
}

function errorRateOf(text: string | undefined): number | undefined {
  if (text === undefined) return undefined;
  const rate = Number(text);
  if (text.trim() === '' || !(rate >= 0 && rate <= 1)) throw new BadInput('--max-error-rate is a number from 0 to 1');
  return rate;
}
