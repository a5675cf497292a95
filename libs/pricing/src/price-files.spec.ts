import { expect, test } from 'vitest';
import { hasPriceFile, readPriceFile } from '../test/shared-prices.js';
import { PriceCatalogue } from './price-catalogue.js';

const PROVIDERS = ['openai', 'anthropic', 'mistral'];
const LITELLM = 'litellm_model_prices.json.gz';
const MODELS_DEV = 'models_dev.json.gz';

interface ListedPrice {
  readonly provider: string;
  readonly model: string;
  /** USD per million tokens. */
  readonly input: number;
  readonly output: number;
}

interface LitellmEntry {
  readonly litellm_provider?: string;
  readonly mode?: string;
  readonly input_cost_per_token?: number;
  readonly output_cost_per_token?: number;
}

type ModelsDev = Record<
  string,
  { models: Record<string, { id?: string; cost?: { input?: number; output?: number } }> }
>;

function litellmPrices(): ListedPrice[] {
  return Object.entries(readPriceFile<Record<string, LitellmEntry>>(LITELLM)).flatMap(([name, entry]) => {
    const provider = entry.litellm_provider ?? '';
    const { input_cost_per_token: input, output_cost_per_token: output } = entry;
    if (!PROVIDERS.includes(provider) || entry.mode !== 'chat' || !input || !output) return [];
    return [{ provider, model: name.replace(`${provider}/`, ''), input: input * 1e6, output: output * 1e6 }];
  });
}

function modelsDevPrices(): ListedPrice[] {
  const file = readPriceFile<ModelsDev>(MODELS_DEV);
  return PROVIDERS.flatMap((provider) =>
    Object.entries(file[provider]?.models ?? {}).flatMap(([model, { cost }]) =>
      cost?.input && cost.output ? [{ provider, model, input: cost.input, output: cost.output }] : [],
    ),
  );
}

/** Compares input and output prices, prints what differs, and asserts a share that a wrong unit or match would miss. */
async function expectAgreement(title: string, listed: readonly ListedPrice[], at: number): Promise<void> {
  const catalogue = await PriceCatalogue.bundled();
  const outliers: string[] = [];
  const unknown: string[] = [];
  let agreeing = 0;
  for (const { provider, model, input, output } of listed) {
    const rates = catalogue.find(provider, model, at)?.standard[0].rates;
    const name = `${provider}/${model}`;
    if (!rates) {
      unknown.push(name);
      continue;
    }
    const ours = [Number(rates.input) / 1e6, Number(rates.output) / 1e6];
    const same = [input, output].every((price, side) => Math.abs((ours[side] ?? NaN) - price) < 1e-6 * price);
    if (same) agreeing++;
    else outliers.push(`${name}: listed ${input.toFixed(2)}/${output.toFixed(2)}, here ${ours.join('/')}`);
  }
  const known = listed.length - unknown.length;
  console.info(
    `${title}: ${agreeing} of ${known} prices agree; ${unknown.length} models unknown here\n` +
      `  differ: ${outliers.join('\n          ')}\n  unknown: ${unknown.join(', ')}`,
  );
  expect(known / listed.length).toBeGreaterThan(0.8);
  expect(agreeing / known).toBeGreaterThan(0.9);
  expect(outliers.filter((outlier) => !outlier.startsWith('mistral/'))).toEqual([]);
}

test.skipIf(!hasPriceFile(LITELLM))('prices agree with the LiteLLM list of 2026-08-01', async () => {
  const listed = litellmPrices();
  expect(listed.length).toBeGreaterThan(100);
  await expectAgreement('LiteLLM', listed, Date.parse('2026-08-01'));
});

test.skipIf(!hasPriceFile(MODELS_DEV))('prices agree with the models.dev list of 2026-07-02', async () => {
  const listed = modelsDevPrices();
  expect(listed.length).toBeGreaterThan(50);
  await expectAgreement('models.dev', listed, Date.parse('2026-07-02'));
});
