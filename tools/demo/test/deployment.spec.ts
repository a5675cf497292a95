import OpenAI from 'openai';
import { expect, it } from 'vitest';
import { Deployment } from '../src/deployment/deployment.js';
import { answersOk, until } from '../src/deployment/until.js';

it(
  'has a budgets service that holds a budget, and that comes back where it is killed',
  { timeout: 90_000 },
  async () => {
    await using deployment = await Deployment.start();
    const tenant = await deployment.createTenant('бюджет');
    const id = await tenant.setBudget({ limit: '0.000000000001', period: 'DAY', timezone: 'Europe/Moscow' });
    expect(await tenant.setBudget({ limit: '0.000000000002', period: 'DAY' })).toBe(id);
    const client = new OpenAI({ baseURL: `${deployment.url}/v1`, apiKey: tenant.key, maxRetries: 0 });
    const refusal = await until(
      async () => {
        const answer = await client.chat.completions
          .create({
            model: 'openai/gpt-4.1-mini',
            max_tokens: 16,
            messages: [{ role: 'user', content: 'Здравствуйте' }],
          })
          .catch((error: unknown) => error);
        // Until the gateway has heard of the budget.
        return answer instanceof OpenAI.APIError ? answer : undefined;
      },
      { what: 'the gateway to hear of a new budget', timeoutMs: 5_000 },
    );
    expect(refusal).toMatchObject({ status: 402, code: 'budget_exceeded' });

    const [gateway, budgets] = [deployment.gatewayPid(), deployment.budgetsPid()];
    process.kill(budgets, 'SIGKILL');
    await until(
      async () =>
        ((await answersOk(`${deployment.budgetsUrl}/readyz`)) && deployment.budgetsPid() !== budgets) || undefined,
      { what: 'the budgets service to be back', timeoutMs: 20_000 },
    );
    expect(deployment.gatewayPid()).toBe(gateway);
  },
);
