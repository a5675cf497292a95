import { ApiKeyService, TenantService } from '@parsimony/tenancy';
import { QdrantStandIn } from '@parsimony/vectors/testing';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { until } from './graphql-gateway.js';
import { RealGateway, TIERS } from './real-gateway.js';

/** How well it is kept is proved by the policy's own specs. */
const CONFIG = { maxErrorRate: 0.02 };
const DOCUMENT = { plugins: [{ use: 'semantic-cache', config: CONFIG }] };
const PLUGINS = { plugins: ['@parsimony/request-policy', '@parsimony/semantic-cache'] };

const ASKING = ['How do I', 'How can I', 'How could I', 'How would I', 'What do I do to', 'In which way do I'];
const ENABLING = ['enable', 'activate', 'please enable', 'quickly enable'];
const THEME = ['dark mode', 'the dark mode', 'the dark theme', 'the dark color theme'];

function wordings(verbs: readonly string[]): string[] {
  return ASKING.flatMap((asking) => verbs.flatMap((verb) => THEME.map((theme) => `${asking} ${verb} ${theme}?`)));
}

/** Each is asked once, so that no exact hit answers. */
const DARK = wordings(ENABLING);
const LIGHT = wordings(['disable', 'deactivate']);
const RUSSIAN = ['Как включить тёмную тему?', 'Как мне включить тёмную тему?', 'Подскажите, как включить тёмную тему?'];
const MEANINGS = [
  { texts: DARK, answer: 'Settings, Appearance, Dark.' },
  { texts: LIGHT, answer: 'Settings, Appearance, Light.' },
  { texts: RUSSIAN, answer: 'Настройки, Вид, Тёмная.' },
];

interface Answered {
  readonly text: string;
  readonly cache: string | null;
  readonly cost: string | null;
  readonly saved: string | null;
  readonly id: string | null;
}

interface Asked {
  readonly url?: string;
  readonly secret?: string;
  readonly system?: string;
}

async function ask(
  real: RealGateway,
  question: string,
  { url = real.url, secret = real.secret, system }: Asked = {},
): Promise<Answered> {
  const messages = [...(system ? [{ role: 'system', content: system }] : []), { role: 'user', content: question }];
  const response = await fetch(`${url}/v1/chat/completions`, {
    method: 'POST',
    headers: { authorization: `Bearer ${secret}`, 'content-type': 'application/json' },
    body: JSON.stringify({ model: 'openai/gpt-4.1-mini', messages }),
  });
  expect(response.status).toBe(200);
  const body = (await response.json()) as { choices: { message: { content: string } }[] };
  return {
    text: body.choices[0]?.message.content ?? '',
    cache: response.headers.get('x-parsimony-cache'),
    cost: response.headers.get('x-parsimony-cost-usd'),
    saved: response.headers.get('x-parsimony-saved-usd'),
    id: response.headers.get('x-parsimony-request-id'),
  };
}

/** The embedder is loaded when it is first asked, which takes longer than a call waits. */
async function warm(real: RealGateway, options: Asked = {}): Promise<void> {
  let asked = 0;
  const warmed = async (): Promise<boolean> =>
    (await ask(real, `What is ${(asked += 1)} apples?`, options)).cache !== 'bypass';
  await until(warmed, 'the embedder answers in time');
}

/** Waits until every answer that was asked for afresh is learnt. */
async function learnt(real: RealGateway, tenantId = real.tenantId): Promise<void> {
  let asked = 0;
  await until(async () => {
    const before = asked;
    const [row] = await real.database.dataSource.query<{ entries: number }[]>(
      `SELECT count(*)::int AS entries FROM plugin_semantic_cache.entry WHERE tenant_id = $1 AND kind = 'semantic'`,
      [tenantId],
    );
    asked = row?.entries ?? 0;
    return asked > 0 && asked === before;
  }, 'what was asked is learnt');
}

/** Asks wordings that were not asked before, until one is served by its meaning. */
async function askUntilServed(real: RealGateway, unasked: string[], options: Asked = {}): Promise<Answered> {
  for (let wording = unasked.shift(); wording; wording = unasked.shift()) {
    const answered = await ask(real, wording, options);
    if (answered.cache === 'semantic') return answered;
  }
  throw new Error('nothing was served by its meaning');
}

async function anotherTenant(real: RealGateway): Promise<string> {
  const { dataSource, rules } = real.gateway.core;
  const document = { tiers: TIERS, ...DOCUMENT };
  const tenant = await new TenantService(dataSource, rules).create({ name: 'other', document, createdBy: 'spec' });
  const { secret } = await new ApiKeyService(dataSource).create({ tenantId: tenant.id, name: 'owner', role: 'OWNER' });
  await real.known(secret);
  return secret;
}

describe('with what is built in', () => {
  let real: RealGateway;
  const unasked = [...DARK];
  let served: Answered;

  beforeAll(async () => {
    real = await RealGateway.start(PLUGINS, DOCUMENT);
    real.simulator.teach(MEANINGS);
    await warm(real);
    served = await askUntilServed(real, unasked);
  });

  afterAll(() => real[Symbol.asyncDispose]());

  it('serves a paraphrase once it has learnt that it may, and books what that saved', async () => {
    expect(served).toMatchObject({ text: 'Settings, Appearance, Dark.', cache: 'semantic', cost: '0.000000000000' });
    expect(Number(served.saved)).toBeGreaterThan(0);
    await real.settled();
    const [row] = await real.rows<{ cache: string; saved: string; cost: string; decisions: Record<string, unknown>[] }>(
      `call_id = '${served.id}' AND closes`,
    );
    expect(row).toMatchObject({ cache: 'semantic' });
    expect(row?.decisions).toContainEqual(
      expect.objectContaining({
        plugin: 'semantic-cache',
        detail: expect.objectContaining({ cause: 'semantic', saved: served.saved }),
      }),
    );
    expect(real.billed()).toBe((await real.ledger()).cost);
  });

  it('does not serve it to a question that asks for the opposite', async () => {
    for (const question of LIGHT.slice(0, 8)) {
      expect(await ask(real, question)).toMatchObject({ text: 'Settings, Appearance, Light.' });
    }
  });

  it('does not serve it under another system prompt', async () => {
    const answered = await ask(real, unasked.at(-1) ?? '', { system: 'You are the assistant of another product.' });
    expect(answered.cache).not.toBe('semantic');
  });

  it("never gives a tenant another's answer", async () => {
    const secret = await anotherTenant(real);
    real.simulator.teach([{ texts: DARK, answer: 'Ask your own desk.' }]);
    for (const question of DARK.slice(0, 12)) {
      expect((await ask(real, question, { secret })).text).toBe('Ask your own desk.');
    }
    real.simulator.teach(MEANINGS);
  });

  it('answers Russian by its letters alone, since the bundled embedder reads English only', async () => {
    const [one = '', other = ''] = RUSSIAN;
    expect(await ask(real, one)).toMatchObject({ cache: 'miss', text: 'Настройки, Вид, Тёмная.' });
    await until(async () => (await ask(real, one)).cache === 'exact', 'the same question is an exact hit');
    for (const question of [other, ...RUSSIAN.slice(2)]) expect((await ask(real, question)).cache).toBe('miss');
  });

  it('keeps results by name, and learns from tickets which questions are one', async () => {
    const byName = async (method: string, path: string, body: object): Promise<Record<string, unknown>> => {
      const headers = { authorization: `Bearer ${real.secret}`, 'content-type': 'application/json' };
      const response = await fetch(`${real.url}/v1/cache/${path}`, { method, headers, body: JSON.stringify(body) });
      return (await response.json()) as Record<string, unknown>;
    };
    const answered: unknown[] = [];
    for (const input of DARK.slice(0, 24)) {
      const { outcome, value, ticket } = await byName('POST', 'faq/lookup', { input });
      answered.push(outcome);
      if (outcome === 'semantic') expect(value).toBe('Settings.');
      if (outcome === 'miss') await byName('PUT', 'faq', { input, value: 'Settings.', ticket, cost_usd: '0.01' });
    }
    expect(answered[0]).toBe('miss');
    expect(answered).toContain('semantic');
    expect(await byName('POST', 'faq/lookup', { input: DARK[0] })).toMatchObject({
      hit: true,
      outcome: 'exact',
      saved_usd: '0.010000000000',
    });
  });

  it('knows after a restart what it knew before', async () => {
    await learnt(real);
    await real.gateway.stop(1_000);
    const [learntBefore] = await real.database.dataSource.query<{ seq: string }[]>(
      'SELECT seq FROM plugin_semantic_cache.verifier WHERE tenant_id = $1',
      [real.tenantId],
    );
    expect(Number(learntBefore?.seq)).toBeGreaterThan(0);
    const stoppedAt = new Date();
    const again = await real.startAnother();
    try {
      await warm(real, { url: again.url });
      // Some of them are drawn for audits.
      const answered = await askUntilServed(real, unasked.splice(0, 16), { url: again.url });
      expect(answered.text).toBe('Settings, Appearance, Dark.');
      await again.core.flusher.flush();
      const found = await real.database.dataSource.query<{ created_at: Date }[]>(
        `SELECT entry.created_at FROM usage, jsonb_array_elements(usage.decisions) AS decision
           JOIN plugin_semantic_cache.entry ON entry.id = (decision->'detail'->>'entry')::uuid
          WHERE usage.at > $1 ORDER BY usage.at`,
        [stoppedAt],
      );
      expect(found[0]?.created_at.getTime()).toBeLessThan(stoppedAt.getTime());
    } finally {
      await again.stop(1_000);
    }
  });
});

describe('with a vector store that gateways share', () => {
  it('serves at one gateway what another has learnt', async () => {
    await using qdrant = await QdrantStandIn.start();
    await using real = await RealGateway.start({ ...PLUGINS, qdrant: { url: qdrant.url } }, DOCUMENT);
    real.simulator.teach(MEANINGS);
    await warm(real);
    const unasked = [...DARK];
    await askUntilServed(real, unasked);
    await learnt(real);
    const other = await real.startAnother();
    try {
      await warm(real, { url: other.url });
      expect((await askUntilServed(real, unasked, { url: other.url })).text).toBe('Settings, Appearance, Dark.');
    } finally {
      await other.stop(1_000);
    }
    expect(qdrant.violations).toEqual([]);
  }, 60_000);

  it('answers at once and says so where the store is away', async () => {
    await using qdrant = await QdrantStandIn.start();
    await using real = await RealGateway.start({ ...PLUGINS, qdrant: { url: qdrant.url } }, DOCUMENT);
    real.simulator.teach(MEANINGS);
    await warm(real);
    qdrant.fault = { delay: 60_000 };
    for (const question of DARK.slice(0, 8)) {
      const began = performance.now();
      expect(await ask(real, question)).toMatchObject({ cache: 'bypass', text: 'Settings, Appearance, Dark.' });
      expect(performance.now() - began).toBeLessThan(2_000);
    }
    qdrant.fault = {};
  }, 60_000);
});
