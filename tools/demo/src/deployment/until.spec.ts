import { expect, it } from 'vitest';
import { until } from './until.js';

it('asks until there is an answer', async () => {
  let asked = 0;
  const answer = await until(async () => (++asked === 3 ? 'yes' : undefined), {
    what: 'an answer',
    timeoutMs: 1_000,
    everyMs: 1,
  });
  expect([answer, asked]).toEqual(['yes', 3]);
});

it('says what it waited for in vain, as it stands at the end', async () => {
  let left = 0;
  const waiting = until(
    async () => {
      left += 1;
      return undefined;
    },
    { what: () => `rest; left: ${left > 1}`, timeoutMs: 20, everyMs: 1 },
  );
  await expect(waiting).rejects.toThrow('waited 0.02 s in vain for rest; left: true');
});
