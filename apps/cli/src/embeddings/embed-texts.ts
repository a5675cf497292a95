import { setTimeout as delay } from 'node:timers/promises';
import { parseUsd, type PicoDollars } from '@parsimony/contract';
import { openBundledEmbedder } from '@parsimony/embeddings';
import { CommandFailed } from '../cli/exit-code.js';

/** Texts with their vectors of length 1, and what it cost to make them. */
export interface TextVectors {
  readonly vectors: ReadonlyMap<string, Float32Array>;
  readonly cost: PicoDollars;
}

/** Where embeddings are asked for. */
export interface GatewayPlace {
  /** Its root, such as `http://127.0.0.1:4000`. */
  readonly url: string;
  readonly key: string;
}

const BUNDLED = 'bundled';
const TEXTS_AT_ONCE = 256;
/** A gateway hears of a new key within this time. */
const KEY_KNOWN_MS = 10_000;
const ASK_AGAIN_MS = 200;

/**
 * Embeds texts by one embedder: `bundled` in this process, any other through the gateway, where it is metered.
 *
 * @param texts each once.
 * @throws CommandFailed where the gateway is away or refuses.
 */
export async function embedTexts(model: string, texts: readonly string[], gateway: GatewayPlace): Promise<TextVectors> {
  const vectors = new Map<string, Float32Array>();
  let cost = 0n;
  await using bundled = model === BUNDLED ? await openBundledEmbedder() : undefined;
  for (let start = 0; start < texts.length; start += TEXTS_AT_ONCE) {
    const some = texts.slice(start, start + TEXTS_AT_ONCE);
    const made = bundled ? { vectors: await bundled.embed(some), cost: 0n } : await ask(model, some, gateway);
    for (const [index, text] of some.entries()) vectors.set(text, made.vectors[index] ?? new Float32Array());
    cost += made.cost;
  }
  return { vectors, cost };
}

interface EmbeddingsAnswer {
  readonly data: readonly { readonly index: number; readonly embedding: string }[];
}

async function ask(
  model: string,
  input: readonly string[],
  gateway: GatewayPlace,
): Promise<{ readonly vectors: readonly Float32Array[]; readonly cost: PicoDollars }> {
  const response = await post(JSON.stringify({ model, input, encoding_format: 'base64' }), gateway);
  const body = await response.text();
  if (response.status !== 200)
    throw new CommandFailed(`${gateway.url} refused to embed by ${model}: ${reasonIn(body)}`);
  const { data } = JSON.parse(body) as EmbeddingsAnswer;
  const vectors: Float32Array[] = [];
  for (const { index, embedding } of data) vectors[index] = floatsOf(embedding);
  return { vectors, cost: parseUsd(response.headers.get('x-parsimony-cost-usd') ?? '0') };
}

/** Asks again while the gateway does not know the key yet. */
async function post(body: string, { url, key }: GatewayPlace): Promise<Response> {
  const until = Date.now() + KEY_KNOWN_MS;
  for (;;) {
    const response = await fetch(`${url}/v1/embeddings`, {
      method: 'POST',
      // An answer from the cache would cost nothing, and so tell nothing about the price.
      headers: { authorization: `Bearer ${key}`, 'content-type': 'application/json', 'x-parsimony-cache': 'no-store' },
      body,
    }).catch((error: unknown) => {
      throw new CommandFailed(`the gateway is not at ${url}: ${String(error instanceof Error ? error.cause : error)}`);
    });
    if (response.status !== 401 || Date.now() > until) return response;
    await response.arrayBuffer();
    await delay(ASK_AGAIN_MS);
  }
}

function floatsOf(base64: string): Float32Array {
  const bytes = Buffer.from(base64, 'base64');
  return Float32Array.from({ length: bytes.length / 4 }, (_, index) => bytes.readFloatLE(index * 4));
}

function reasonIn(body: string): string {
  try {
    return (JSON.parse(body) as { error: { message: string } }).error.message;
  } catch {
    return body.slice(0, 200);
  }
}
