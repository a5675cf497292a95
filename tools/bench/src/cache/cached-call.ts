import type { Pool } from 'undici';
import { MODEL } from './cache-document.js';

export interface CachedCall {
  readonly key: string;
  readonly question: string;
  readonly stream?: boolean;
  /** `x-parsimony-cache` of the request. */
  readonly wish?: 'no-store' | 'refresh';
}

export interface CachedAnswer {
  readonly status: number;
  /** `x-parsimony-cache` of the answer: `miss`, `exact`, `semantic`. */
  readonly cache: string;
  /** The id that the provider gave to its answer. No two of its answers bear one id, so it says whose answer this is. */
  readonly id: string;
  readonly text: string;
  /** From the request to the answer's last byte. */
  readonly milliseconds: number;
}

interface AnswerPart {
  readonly id?: string;
  readonly choices?: readonly {
    readonly message?: { readonly content?: string };
    readonly delta?: { readonly content?: string };
  }[];
}

/** Makes a call and reads its answer, whole or streamed. @throws the system's error where the connection breaks. */
export async function cachedCall(pool: Pool, call: CachedCall): Promise<CachedAnswer> {
  const { key, question, stream = false, wish } = call;
  const startedAt = performance.now();
  const response = await pool.request({
    method: 'POST',
    path: '/v1/chat/completions',
    headers: {
      authorization: `Bearer ${key}`,
      'content-type': 'application/json',
      ...(wish && { 'x-parsimony-cache': wish }),
    },
    body: JSON.stringify({ model: MODEL, messages: [{ role: 'user', content: question }], ...(stream && { stream }) }),
  });
  const body = await response.body.text();
  const milliseconds = performance.now() - startedAt;
  const cache = String(response.headers['x-parsimony-cache'] ?? '');
  return { status: response.statusCode, cache, ...readAnswer(body), milliseconds };
}

/** What a body says; nothing where it is neither an answer nor a stream that came to its end. */
export function readAnswer(body: string): { readonly id: string; readonly text: string } {
  const parts = body.startsWith('data: ') ? streamedParts(body) : [JSON.parse(body) as AnswerPart];
  const contents = parts.flatMap(({ choices = [] }) => choices.map(({ message, delta }) => message ?? delta));
  return { id: parts[0]?.id ?? '', text: contents.map((content) => content?.content ?? '').join('') };
}

function streamedParts(body: string): AnswerPart[] {
  if (!body.includes('data: [DONE]')) return [];
  return body
    .split('\n')
    .filter((line) => line.startsWith('data: {'))
    .map((line) => JSON.parse(line.slice('data: '.length)) as AnswerPart);
}
