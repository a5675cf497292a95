import { Pool } from 'undici';
import { call, type CallResult } from '../reliability/caller.js';

export interface SteadyLoadOptions {
  readonly url: string;
  readonly key: string;
  /** Every other one streams; a quarter takes a new connection for each call, the others keep theirs. */
  readonly callers: number;
}

const BODY = {
  model: 'openai/gpt-4.1-mini',
  messages: [{ role: 'user', content: 'Кто сменит того, кто уходит? Tell it in a few words. 🔁' }],
  max_tokens: 40,
};

/** Callers who call again as soon as they have been answered, until they are stopped. */
export class SteadyLoad implements AsyncDisposable {
  readonly results: CallResult[] = [];
  readonly #pool: Pool;
  readonly #callers: Promise<unknown>;
  #calling = true;

  constructor({ url, key, callers }: SteadyLoadOptions) {
    this.#pool = new Pool(url, { connections: callers });
    this.#callers = Promise.all(
      Array.from({ length: callers }, async (_, index) => {
        const stream = index % 2 === 0;
        const planned = { stream, closes: (index >> 1) % 4 === 3, body: JSON.stringify({ ...BODY, stream }) };
        while (this.#calling) this.results.push(await call(this.#pool, key, planned));
      }),
    );
  }

  /** Lets every caller have its last answer. */
  async stop(): Promise<readonly CallResult[]> {
    this.#calling = false;
    await this.#callers;
    return this.results;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.stop();
    await this.#pool.destroy();
  }
}
