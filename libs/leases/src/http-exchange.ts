import { Pool } from 'undici';
import { EXCHANGE_PATH, exchangeAnswer, type Exchange, type ExchangeAnswer, type ExchangeRequest } from './wire.js';

export interface HttpExchangeOptions {
  /** Base URLs of the budgets service's instances. */
  readonly urls: readonly string[];
  /** The service token. */
  readonly token: string;
}

export interface HttpExchange {
  readonly exchange: Exchange;
  close(): Promise<void>;
}

/** With one of these, there was no connection that a request could have gone through. */
const NOT_SENT: ReadonlySet<string> = new Set([
  'ECONNREFUSED',
  'ENOTFOUND',
  'EAI_AGAIN',
  'EHOSTUNREACH',
  'ENETUNREACH',
  'UND_ERR_CONNECT_TIMEOUT',
]);

const MOST_ANSWER_BYTES = 16 * 1024 * 1024;

/**
 * Asks the instances of the budgets service over HTTP, the one first that answered last.
 *
 * @throws TypeError where there is no URL, or one is not a URL.
 */
export function httpExchange({ urls, token }: HttpExchangeOptions): HttpExchange {
  if (urls.length === 0) throw new TypeError('no URL of the budgets service is given');
  const instances = urls.map((url) => new Instance(url, token));
  const exchange: Exchange = async (request, signal) => {
    const body = JSON.stringify(request, (_, value: unknown) => (typeof value === 'bigint' ? value.toString() : value));
    let notSent: unknown;
    for (const instance of [...instances]) {
      try {
        return await instance.ask(request, body, signal);
      } catch (error) {
        instances.push(...instances.splice(instances.indexOf(instance), 1));
        // A request that may have been heeded must not be sent again: the second answer would be `stale`.
        if (!NOT_SENT.has(codeOf(error))) throw error;
        notSent = error;
      }
    }
    throw notSent;
  };
  return { exchange, close: async () => void (await Promise.all(instances.map((instance) => instance.close()))) };
}

class Instance {
  readonly #pool: Pool;
  readonly #path: string;
  readonly #headers: Readonly<Record<string, string>>;

  constructor(url: string, token: string) {
    const { origin, pathname } = new URL(url);
    this.#pool = new Pool(origin, { connections: 2, maxResponseSize: MOST_ANSWER_BYTES });
    this.#path = `${pathname.replace(/\/$/, '')}${EXCHANGE_PATH}`;
    this.#headers = { authorization: `Bearer ${token}`, 'content-type': 'application/json' };
  }

  async ask(request: ExchangeRequest, body: string, signal: AbortSignal): Promise<ExchangeAnswer> {
    const response = await this.#pool.request({
      method: 'POST',
      path: this.#path,
      headers: this.#headers,
      body,
      signal,
    });
    if (response.statusCode !== 200) {
      await response.body.dump();
      throw new Error(`the budgets service answered with status ${response.statusCode}`);
    }
    const answer = exchangeAnswer.parse(await response.body.json());
    if (answer.leases.length !== request.leases.length) {
      throw new Error('the budgets service did not answer for each lease');
    }
    return answer;
  }

  close(): Promise<void> {
    return this.#pool.destroy();
  }
}

function codeOf(error: unknown): string {
  return error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : '';
}
