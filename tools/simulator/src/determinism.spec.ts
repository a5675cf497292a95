import { describe, expect, it } from 'vitest';
import { ask, clientOf } from '../test/support.js';
import { startSimulator } from './index.js';

async function answer(
  settings: { seed: number },
  request: Parameters<typeof ask>,
  apiKey?: string,
  seed?: number,
): Promise<object> {
  await using simulator = await startSimulator({ settings });
  const { created: _time, ...completion } = await clientOf(simulator, apiKey).chat.completions.create({
    ...ask(...request),
    ...(seed !== undefined && { seed }),
  });
  return completion;
}

describe('an answer', () => {
  it('is the same for the same seed, key and request, in another process of the simulator too', async () => {
    const first = await answer({ seed: 3 }, ['Again.']);
    expect(await answer({ seed: 3 }, ['Again.'])).toEqual(first);
  });

  it('is another for another seed, key, model, prompt or seed of the request', async () => {
    const answers = await Promise.all([
      answer({ seed: 3 }, ['Again.']),
      answer({ seed: 4 }, ['Again.']),
      answer({ seed: 3 }, ['Again.'], 'sk-another-key-00002'),
      answer({ seed: 3 }, ['Again.', 'gpt-4.1']),
      answer({ seed: 3 }, ['Again!']),
      answer({ seed: 3 }, ['Again.'], undefined, 9),
    ]);
    const texts = answers.map((completion) => JSON.stringify((completion as { choices: unknown }).choices));
    expect(new Set(texts).size).toBe(texts.length);
  });

  it('repeats its text but not its id within one process', async () => {
    await using simulator = await startSimulator();
    const client = clientOf(simulator);
    const first = await client.chat.completions.create(ask('Again.'));
    const second = await client.chat.completions.create(ask('Again.'));
    expect(second.choices).toEqual(first.choices);
    expect(second.id).not.toBe(first.id);
  });
});
