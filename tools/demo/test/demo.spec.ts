import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { runDemo } from '../src/demo.js';

const options = { data: undefined, calls: 36, concurrency: 6 };

/** Command lines of processes that run on a folder of the demo that started on this address's port. */
function processesWith(text: string): string[] {
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name) && existsSync(`/proc/${name}/environ`))
    .flatMap((pid) => {
      try {
        return readFileSync(`/proc/${pid}/environ`, 'utf8').includes(text)
          ? [readFileSync(`/proc/${pid}/cmdline`, 'utf8')]
          : [];
      } catch {
        return [];
      }
    });
}

describe('the demo', () => {
  it('ends with a ledger that equals the bill', { timeout: 90_000 }, async () => {
    const shown: string[] = [];
    const agree = await runDemo(options, new AbortController().signal, (text) => shown.push(text));
    const text = shown.join('\n');
    expect(agree, text).toBe(true);
    // Each of the twelve topics is looked up three times; it is kept after the first time, and found after that.
    expect(text).toMatch(/^total +36 /m);
    for (const cause of ['exact', 'shared']) expect(text).toMatch(new RegExp(`^semantic-cache +${cause} +\\d+ `, 'm'));
    expect(text).toMatch(/^semantic-cache +intermediate +24 /m);
    for (const group of ['language=en', 'language=ru', 'mode=stream', 'mode=whole']) expect(text).toContain(group);
    const [, cached = '', , reasoning = ''] =
      /^total +36 +([\d,]+) +([\d,]+) +([\d,]+) +([\d,]+) /m.exec(text)?.slice(1) ?? [];
    expect(Number(cached.replaceAll(',', '')), 'cached tokens').toBeGreaterThan(0);
    expect(Number(reasoning.replaceAll(',', '')), 'reasoning tokens').toBeGreaterThan(0);
    expect(text).toContain('agree to the pico-dollar');
  });

  it('stops everything where it is interrupted in the middle of its calls', { timeout: 90_000 }, async () => {
    const stopping = new AbortController();
    let port = '';
    const running = runDemo({ ...options, calls: 400 }, stopping.signal, (text) => {
      port = /127\.0\.0\.1:(\d+)/.exec(text)?.[1] ?? port;
      if (text.includes('100 of')) {
        expect(processesWith(`PORT=${port}`).length).toBeGreaterThan(0);
        stopping.abort();
      }
    });
    await expect(running).rejects.toMatchObject({ name: 'AbortError' });
    expect(port).not.toBe('');
    expect(processesWith(`PORT=${port}`)).toEqual([]);
  });
});
