import OpenAI from 'openai';
import { planCalls } from './calls/planned-call.js';
import { runCalls, type CallsOutcome } from './calls/run-calls.js';
import { Deployment, type Tenant } from './deployment/deployment.js';
import type { DemoOptions } from './options.js';
import { loadPrompts, type LoadedPrompts } from './prompts/load-prompts.js';
import { compareLedger } from './report/compare-ledger.js';
import { modelTable } from './report/model-table.js';
import { tagTable } from './report/tag-table.js';
import { judge } from './report/verdict.js';

/** Small prompts have cached tokens too, and answers come at a speed that lets streams be streams. */
const PROVIDER_SETTINGS = {
  cachedTokens: { share: 0.3, minimum: 0, step: 1 },
  latencyMs: 20,
  tokensPerSecond: 1_500,
} as const;

const DOCUMENT = {
  tiers: { economy: ['openai/gpt-4.1-mini'], standard: ['openai/gpt-4.1'], premium: ['openai/gpt-5'] },
  plugins: [{ use: 'request-policy', config: { maxTokens: 16_384, requiredTags: ['language', 'mode'] } }],
};

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
  const loaded = await loadPrompts(options.data, options.calls);
  announce(loaded, print);
  print('Starting from nothing: PostgreSQL, the gateway and a simulated provider …');
  await using deployment = await Deployment.start();
  signal.throwIfAborted();
  const tenant = await deployment.createTenant('arena', DOCUMENT);
  await deployment.provider.configure(PROVIDER_SETTINGS);
  print(`Ready. Tenant "arena" calls ${deployment.url}/v1 with the official openai client.\n`);

  const outcome = await callAll(deployment, tenant, loaded, options, signal, print);
  await deployment.settled();
  return await report(deployment, tenant, outcome, print);
}

function announce({ prompts, source, own }: LoadedPrompts, print: (text: string) => void): void {
  if (!own) return print(`${prompts.length} English and Russian arena prompts from ${source}`);
  print('*** The arena prompts are NOT here: this run uses the twenty prompts that come with the demo. ***');
  print('*** Give their folder with --data DIR to replay the real ones.                                ***');
}

function callAll(
  deployment: Deployment,
  tenant: Tenant,
  { prompts }: LoadedPrompts,
  { concurrency }: DemoOptions,
  signal: AbortSignal,
  print: (text: string) => void,
): Promise<CallsOutcome> {
  // A retry would be one more call, which the comparison of counts would have to guess.
  const client = new OpenAI({ baseURL: `${deployment.url}/v1`, apiKey: tenant.key, maxRetries: 0 });
  const calls = planCalls(prompts);
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
  outcome: CallsOutcome,
  print: (text: string) => void,
): Promise<boolean> {
  const [byModel, byTag, bill] = await Promise.all([
    tenant.ledger.by('MODEL'),
    tenant.ledger.by('TAG'),
    deployment.provider.bill(),
  ]);
  const comparison = compareLedger(byModel, bill);
  const verdict = judge(outcome, byModel, comparison);
  print(`\n${modelTable(byModel, bill, comparison)}\n`);
  print(`${tagTable(byTag)}\n`);
  for (const failure of outcome.failures.slice(0, 5)) print(`  failed: ${failure}`);
  for (const line of verdict.lines) print(line);
  return verdict.agree;
}
