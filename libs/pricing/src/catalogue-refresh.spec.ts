import { once } from 'node:events';
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Provider } from '@pydantic/genai-prices';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { bundledProviders } from './bundled-data.js';
import { CatalogueRefused } from './catalogue-changes.js';
import { InvalidPriceData, parseCatalogueData } from './catalogue-data.js';
import { loadCatalogueFile, saveCatalogueFile } from './catalogue-file.js';
import { refreshCatalogue } from './catalogue-refresh.js';
import { CatalogueWatch } from './catalogue-watch.js';
import { catalogueAge, PriceCatalogue } from './price-catalogue.js';

const NOW = Date.parse('2026-11-24T12:00:00Z');
const folder = mkdtempSync(join(tmpdir(), 'parsimony-prices-'));
const path = join(folder, 'prices.json');
let server: Server;
let url: string;
/** What the server answers. */
let published: string;
let current: PriceCatalogue;
let bundled: readonly Provider[];

beforeAll(async () => {
  server = createServer((request, response) => {
    response.statusCode = request.url === '/gone' ? 404 : 200;
    response.end(published);
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/data.json`;
  bundled = await bundledProviders();
});
beforeEach(async () => {
  current = await PriceCatalogue.bundled();
  published = JSON.stringify(bundled);
  rmSync(path, { force: true });
});
afterAll(async () => {
  server.close();
  await once(server, 'close');
  rmSync(folder, { recursive: true });
});

/** The data with other prices of one model. */
function priced(provider: string, model: string, prices: Provider['models'][number]['prices']): string {
  return JSON.stringify(
    bundled.map((each) =>
      each.id === provider
        ? { ...each, models: each.models.map((known) => (known.id === model ? { ...known, prices } : known)) }
        : each,
    ),
  );
}

const inputRate = (catalogue: PriceCatalogue) => catalogue.find('openai', 'gpt-4o-mini', NOW)?.standard[0].rates.input;

describe('refreshCatalogue', () => {
  test('fetches, checks and keeps what the price package publishes', async () => {
    published = priced('openai', 'gpt-4o-mini', { input_mtok: 0.2, output_mtok: 0.8 });
    const next = await refreshCatalogue({ url, path, current, now: NOW });
    expect(inputRate(next)).toBe(200_000n);
    expect(next.updated).toBe('2026-11-24');
    expect(catalogueAge(next, NOW + 86_400_000)).toBe(1.5 * 86_400_000);
    expect(next.find('openai', 'tts-1', NOW)?.standard[0].rates.characters).toBe(15_000_000n);
    const loaded = await loadCatalogueFile(path, current, NOW);
    expect(inputRate(loaded)).toBe(200_000n);
    expect(loaded.models(NOW)).toEqual(next.models(NOW));
    expect(readdirSync(folder)).toEqual(['prices.json']);
  });

  test.each<[string, () => string, RegExp]>([
    [
      'a price ten times as high',
      () => priced('openai', 'gpt-4o-mini', { input_mtok: 1.51, output_mtok: 0.6 }),
      /input of openai\/gpt-4o-mini/,
    ],
    [
      'a price a tenth as high',
      () => priced('openai', 'gpt-4o-mini', { input_mtok: 0.15, output_mtok: 0.059 }),
      /output of openai\/gpt-4o-mini/,
    ],
    [
      'a price that became nothing',
      () => priced('openai', 'gpt-4o', { input_mtok: 0, output_mtok: 0 }),
      /moved from 2500000 to 0/,
    ],
    [
      'a provider that vanished',
      () => JSON.stringify(bundled.filter(({ id }) => id !== 'anthropic')),
      /provider anthropic vanished/,
    ],
  ])('refuses %s, unless it is forced, and then the gateway takes it too', async (_, data, finding) => {
    published = data();
    const refused = refreshCatalogue({ url, path, current, now: NOW });
    await expect(refused).rejects.toThrow(CatalogueRefused);
    await expect(refused).rejects.toThrow(finding);
    expect(readdirSync(folder)).toEqual([]);
    await refreshCatalogue({ url, path, current, force: true, now: NOW });
    expect((await loadCatalogueFile(path, current, NOW)).updated).toBe('2026-11-24');
  });

  test('a price may rise to ten times and a model may go', async () => {
    published = JSON.stringify(
      (JSON.parse(priced('openai', 'gpt-4o-mini', { input_mtok: 1.5, output_mtok: 6 })) as Provider[]).map((each) => ({
        ...each,
        models: each.models.filter(({ id }) => id !== 'gpt-4.1'),
      })),
    );
    expect(inputRate(await refreshCatalogue({ url, path, current, now: NOW }))).toBe(1_500_000n);
  });

  test.each([
    ['no JSON', '<html>', /did not answer with JSON/],
    ['another form', '{"models": []}', /expected array/],
    ['nothing', '[]', />=1/],
    ['a negative price', () => priced('openai', 'gpt-4o', { input_mtok: -1 }), /prices/],
  ])('refuses %s, forced or not', async (_, data, message) => {
    published = typeof data === 'string' ? data : data();
    const refused = refreshCatalogue({ url, path, current, force: true });
    await expect(refused).rejects.toThrow(InvalidPriceData);
    await expect(refused).rejects.toThrow(message);
  });

  test('says which status the server answered with', async () => {
    await expect(refreshCatalogue({ url: new URL('/gone', url).href, path, current })).rejects.toThrow(/404/);
  });
});

test('published constraints, which have no type, are read', () => {
  const model = { id: 'm', match: { or: [{ equals: 'm' }] }, context_window: null };
  const read = (constraint: object) =>
    parseCatalogueData([
      {
        id: 'p',
        name: 'P',
        api_pattern: '',
        models: [{ ...model, prices: [{ constraint, prices: { input_mtok: 1 } }] }],
      },
    ]);
  expect(read({ start_date: '2026-01-01' })[0]?.models[0]?.prices).toEqual([
    { constraint: { type: 'start_date', start_date: '2026-01-01' }, prices: { input_mtok: 1 } },
  ]);
  expect(() => read({ start_date: 'soon' })).toThrow(InvalidPriceData);
  expect(() => read({ start_time: 'noon', end_time: '16:30:00Z' })).toThrow(InvalidPriceData);
});

describe('CatalogueWatch', () => {
  test('takes the file at the start and when it is replaced, for everybody who holds the catalogue', async () => {
    const faults: unknown[] = [];
    let loaded = 0;
    const save = async (usd: number) => {
      const providers = parseCatalogueData(
        JSON.parse(priced('openai', 'gpt-4o-mini', { input_mtok: usd, output_mtok: 0.6 })),
      );
      await saveCatalogueFile(path, { source: url, fetchedAt: new Date(NOW).toISOString(), forced: false, providers });
    };
    const finder = current.withOverrides(new Map());
    await save(0.3);
    using _watch = await CatalogueWatch.open(path, current, {
      intervalMs: 20,
      onLoaded: () => loaded++,
      onFault: (error) => faults.push(error),
    });
    expect(loaded).toBe(1);
    expect(finder.find('openai', 'gpt-4o-mini', NOW)?.standard[0].rates.input).toBe(300_000n);
    await save(0.4);
    await expect.poll(() => inputRate(current)).toBe(400_000n);
    expect(finder.find('openai', 'gpt-4o-mini', NOW)?.standard[0].rates.input).toBe(400_000n);
    writeFileSync(path, readFileSync(path, 'utf8').slice(0, 1000));
    await expect.poll(() => faults.length).toBeGreaterThan(0);
    expect(faults[0]).toBeInstanceOf(InvalidPriceData);
    expect(inputRate(current)).toBe(400_000n);
    rmSync(path);
  });

  test('changes nothing where there is no file', async () => {
    const faults: unknown[] = [];
    using _watch = await CatalogueWatch.open(join(folder, 'none.json'), current, {
      onLoaded: () => faults.push('loaded'),
      onFault: (error) => faults.push(error),
    });
    expect(faults).toEqual([]);
    expect(current.updated).toBe('2026-09-23');
  });
});
