import OpenAI from 'openai';
import { planHelpDesk } from './calls/plan-help-desk.js';
import { planCalls } from './calls/planned-call.js';
import { useResultCache } from './calls/result-cache.js';
import { runCalls } from './calls/run-calls.js';
import { Deployment, type Tenant } from './deployment/deployment.js';
import type { DemoOptions } from './options.js';
import { loadPrompts, type LoadedPrompts } from './prompts/load-prompts.js';
import { loadTopics, type Topic } from './prompts/topic.js';
import { compareLedger } from './report/compare-ledger.js';
import { modelTable } from './report/model-table.js';
import { savingsTable } from './report/savings-table.js';
import { tagTable } from './report/tag-table.js';
import { judge, type Application } from './report/verdict.js';

/** Small prompts have cached tokens too, and answers come at a speed that lets streams be streams. */
const PROVIDER_SETTINGS = {
  cachedTokens: { share: 0.3, minimum: 0, step: 1 },
  latencyMs: 20,
  tokensPerSecond: 1_500,
} as const;

const DOCUMENT = {
  tiers: { economy: ['openai/gpt-4.1-mini'], standard: ['openai/gpt-4.1'], premium: ['openai/gpt-5'] },
  plugins: [
    { use: 'request-policy', config: { maxTokens: 16_384, requiredTags: ['language', 'mode'] } },
    { use: 'semantic-cache', config: { maxErrorRate: 0.02 } },
  ],
};

/** How often an application looks up each of its own results. */
const LOOK_UP_ROUNDS = 3;

/**
 * The main job on real prompts, from nothing to the comparison of ledger and bill.
 *
 * @param print takes what is shown, line by line.
 * @returns whether everything agreed.
 * @throws AbortError at the signal, after all has been stopped.
 */
export async function runDemo(
  options: DemoOptions,
  signal: AbortSignal,
  print: (text: string) => void,
): Promise<boolean> {
  const [loaded, topics] = await Promise.all([loadPrompts(options.data, Math.ceil(options.calls / 2)), loadTopics()]);
  announce(loaded, print);
  print('Starting from nothing: PostgreSQL, the gateway and a simulated provider …');
  await using deployment = await Deployment.start();
  signal.throwIfAborted();
  const tenant = await deployment.createTenant('arena', DOCUMENT);
  await deployment.provider.configure(PROVIDER_SETTINGS);
  await deployment.provider.teach(topics);
  print(`Ready. Tenant "arena" calls ${deployment.url}/v1 with the official openai client.\n`);

  const calls = await callAll(deployment, tenant, loaded, topics, options, signal, print);
  const lookUps = await useResultCache(deployment.url, tenant.key, topics, LOOK_UP_ROUNDS, signal);
  await deployment.settled();
  return await report(deployment, tenant, { calls, lookUps }, print);
}

function announce({ prompts, source, own }: LoadedPrompts, print: (text: string) => void): void {
  if (!own)
    return print(
      `${prompts.length} English and Russian arena prompts from ${source}, and as many calls of a help desk`,
    );
  print('*** The arena prompts are NOT here: this run uses the twenty prompts that come with the demo. ***');
  print('*** Give their folder with --data DIR to replay the real ones.                                ***');
}

function callAll(
  deployment: Deployment,
  tenant: Tenant,
  { prompts }: LoadedPrompts,
  topics: readonly Topic[],
  { calls: count, concurrency }: DemoOptions,
  signal: AbortSignal,
  print: (text: string) => void,
): Promise<Application['calls']> {
  // A retry would be one more call, which the comparison of counts would have to guess.
  const client = new OpenAI({ baseURL: `${deployment.url}/v1`, apiKey: tenant.key, maxRetries: 0 });
  const calls = [...planCalls(prompts), ...planHelpDesk(topics, count - prompts.length)];
  const step = Math.ceil(calls.length / 4);
  return runCalls(client, calls, {
    concurrency,
    signal,
    onDone: (done) => {
      if (done % step === 0 || done === calls.length) print(`  ${done} of ${calls.length} calls`);
    },
  });
}

async function report(
  deployment: Deployment,
  tenant: Tenant,
  application: Application,
  print: (text: string) => void,
): Promise<boolean> {
  const [byModel, byTag, savings, bill] = await Promise.all([
    tenant.ledger.by('MODEL'),
    tenant.ledger.by('TAG'),
    tenant.ledger.savings(),
    deployment.provider.bill(),
  ]);
  const comparison = compareLedger(byModel, bill);
  const verdict = judge(application, { byModel, savings }, comparison);
  print(`\n${modelTable(byModel, bill, comparison)}\n`);
  print(`${tagTable(byTag)}\n`);
  print(`${savingsTable(savings)}\n`);
  const { asked, hits } = application.lookUps;
  print(`${hits} of ${asked} look-ups of the application’s own results were hits.\n`);
  for (const failure of application.calls.failures.slice(0, 5)) print(`  failed: ${failure}`);
  for (const line of verdict.lines) print(line);
  return verdict.agree;
}
