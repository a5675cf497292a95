import { setTimeout as delay } from 'node:timers/promises';

export interface Patience {
  /** What is waited for, as the error names it. */
  readonly what: string | (() => string);
  readonly timeoutMs: number;
  readonly everyMs?: number;
}

/**
 * Asks again and again until there is an answer.
 *
 * @throws Error that names what was waited for, or what `ask` throws.
 */
export async function until<Answer>(ask: () => Promise<Answer | undefined>, patience: Patience): Promise<Answer> {
  const { what, timeoutMs, everyMs = 50 } = patience;
  const deadline = performance.now() + timeoutMs;
  for (;;) {
    const answer = await ask();
    if (answer !== undefined) return answer;
    if (performance.now() > deadline) {
      const named = typeof what === 'string' ? what : what();
      throw new Error(`waited ${timeoutMs / 1000} s in vain for ${named}`);
    }
    await delay(everyMs);
  }
}

/** @returns whether the address answers 200; a refused connection is a no. */
export async function answersOk(url: string, headers: Readonly<Record<string, string>> = {}): Promise<boolean> {
  try {
    const response = await fetch(url, { headers });
    await response.arrayBuffer();
    return response.status === 200;
  } catch {
    return false;
  }
}
