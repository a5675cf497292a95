import { describe, expect, it } from 'vitest';
import { clientOf, post } from '../../test/support.js';
import { startSimulator } from '../index.js';

describe('moderations', () => {
  it('flag a text by what stands in it, always the same way, for nothing', async () => {
    await using simulator = await startSimulator();
    const client = clientOf(simulator);
    const request = { input: ['Спасибо, всё хорошо.', 'I will kill you', 'Я тебя убью'] };
    const { model, results } = await client.moderations.create(request);
    expect(model).toBe('omni-moderation-latest');
    expect(results.map(({ flagged }) => flagged)).toEqual([false, true, true]);
    expect(results[1]?.categories).toMatchObject({ violence: true, hate: false });
    expect(results[1]?.category_scores.violence).toBeGreaterThan(0.5);
    expect(results[1]?.category_scores.hate).toBeLessThan(0.01);
    expect((await client.moderations.create(request)).results).toEqual(results);
    expect(simulator.bill().total).toEqual({
      calls: 2,
      tokens: { input: 0, cachedInput: 0, output: 0, reasoning: 0 },
      chargedPicoDollars: '0',
    });
  });

  it('take the parts of one input together', async () => {
    await using simulator = await startSimulator();
    const { results } = await clientOf(simulator).moderations.create({
      model: 'omni-moderation-2024-09-26',
      input: [
        { type: 'text', text: 'A bomb.' },
        { type: 'image_url', image_url: { url: 'data:image/png;base64,iVBORw0KGgo=' } },
      ],
    });
    expect(results).toHaveLength(1);
    expect(results[0]).toMatchObject({ flagged: true, category_applied_input_types: { hate: ['text'] } });
    expect(results[0]?.category_applied_input_types.violence).toEqual(['text', 'image']);
  });

  it.each([
    ['input', 400, {}],
    ['input', 400, { input: [] }],
    ['input[1]', 400, { input: ['a', 5] }],
    ['input[0].type', 400, { input: [{ type: 'sound' }] }],
    ['model', 400, { input: 'a', model: 'gpt-4.1' }],
    [null, 404, { input: 'a', model: 'moderation-0' }],
    [null, 429, { input: 'a', user: 'simulator_fault:rate_limit' }],
  ])('are refused where %s is wrong: %i', async (param, status, body) => {
    await using simulator = await startSimulator();
    const response = await post(simulator, '/v1/moderations', JSON.stringify(body));
    expect(response.status).toBe(status);
    expect(await response.json()).toMatchObject({ error: { param } });
  });
});
