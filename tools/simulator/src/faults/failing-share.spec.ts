import { describe, expect, it } from 'vitest';
import { anthropicOf, ask, askClaude, clientOf, KEY, post } from '../../test/support.js';
import { keyLabel, startSimulator, type Simulator } from '../index.js';

async function statuses(simulator: Simulator, model: string, requests: number, key = KEY): Promise<number[]> {
  const results: number[] = [];
  for (let index = 0; index < requests; index += 1) {
    const headers = { authorization: `Bearer ${key}` };
    const response = await post(simulator, '/v1/chat/completions', JSON.stringify(ask('Hello', model)), headers);
    results.push(response.status);
  }
  return results;
}

describe('failingModels', () => {
  it('fails one model and leaves the others alone', async () => {
    await using simulator = await startSimulator({ settings: { failingModels: { 'gpt-4.1': 1, 'claude-opus-5': 1 } } });
    expect(new Set(await statuses(simulator, 'gpt-4.1', 5))).toEqual(new Set([500]));
    expect(new Set(await statuses(simulator, 'gpt-4.1-mini', 5))).toEqual(new Set([200]));
    const claude = anthropicOf(simulator).messages;
    await expect(claude.create(askClaude('Hello', 'claude-opus-5'))).rejects.toMatchObject({
      error: { type: 'error' },
    });
    expect((await claude.create(askClaude('Hello', 'claude-sonnet-5'))).type).toBe('message');
    expect(simulator.bill().lines.map(({ model }) => model)).toEqual(['gpt-4.1-mini', 'claude-sonnet-5']);
  });

  it('fails a share, the same again for the same seed', async () => {
    const settings = { seed: 5, failingModels: { 'gpt-4.1': 0.3 } };
    await using simulator = await startSimulator({ settings });
    await using other = await startSimulator({ settings });
    const first = await statuses(simulator, 'gpt-4.1', 200);
    expect(await statuses(other, 'gpt-4.1', 200)).toEqual(first);
    const failed = first.filter((status) => status === 500).length;
    expect(failed).toBeGreaterThan(40);
    expect(failed).toBeLessThan(80);
  });

  it('leaves out a request that chose its fault, and ends where the share is 0 again', async () => {
    await using simulator = await startSimulator({ settings: { failingModels: { 'gpt-4.1': 1 } } });
    const client = clientOf(simulator);
    const spared = { ...ask('Hello', 'gpt-4.1'), metadata: { simulator_fault: 'none' } };
    expect((await client.chat.completions.create(spared)).object).toBe('chat.completion');
    simulator.configure({ failingModels: { 'gpt-4.1': 0 } });
    expect(await statuses(simulator, 'gpt-4.1', 2)).toEqual([200, 200]);
  });
});

describe('failingKeys', () => {
  it('fails one key and leaves the others alone', async () => {
    await using simulator = await startSimulator({ settings: { failingKeys: { [keyLabel(KEY)]: 1 } } });
    expect(await statuses(simulator, 'gpt-4.1', 2)).toEqual([500, 500]);
    expect(await statuses(simulator, 'gpt-4.1', 2, 'sk-another-key-00002')).toEqual([200, 200]);
  });
});
