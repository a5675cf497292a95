import type { IncomingHttpHeaders } from 'node:http';
import { InvalidRequest, isTier } from '@parsimony/contract';
import type { CacheWish, Tier } from '@parsimony/contract';

/** What a caller may ask of the gateway itself, by header or by GraphQL input. */
export interface CallOptions {
  readonly tags: Readonly<Record<string, string>>;
  readonly cache: CacheWish;
  /** Overrides the model that the body names. */
  readonly tier: Tier | null;
  /** How long the caller itself waits for an answer to begin; milliseconds. */
  readonly timeoutMs: number | null;
  /** The line of W3C Trace Context, as it came. */
  readonly traceparent: string | undefined;
}

const NO_TAGS: Readonly<Record<string, string>> = Object.freeze({});
const NO_OPTIONS: CallOptions = Object.freeze({
  tags: NO_TAGS,
  cache: 'default',
  tier: null,
  timeoutMs: null,
  traceparent: undefined,
});
const TAG = /^[\p{L}\p{N}][\p{L}\p{N}._:/-]{0,63}$/u;
const TAG_VALUE = /^[^\p{Cc}\p{Cs}]{1,128}$/u;
const TAGS_AT_MOST = 16;
const TIMEOUT_HEADER = 'x-stainless-timeout';

/** @throws InvalidRequest that names the header. */
export function optionsFromHeaders(headers: IncomingHttpHeaders): CallOptions {
  const tags = headers['x-parsimony-tags'];
  const cache = headers['x-parsimony-cache'];
  const tier = headers['x-parsimony-tier'];
  const timeout = headers[TIMEOUT_HEADER];
  const { traceparent } = headers;
  if (tags === undefined && cache === undefined && tier === undefined && timeout === undefined && !traceparent)
    return NO_OPTIONS;
  return {
    tags: tags === undefined ? NO_TAGS : parseTags(String(tags)),
    cache: parseCache(cache),
    tier: parseTier(tier),
    timeoutMs: parseTimeout(timeout),
    traceparent: typeof traceparent === 'string' ? traceparent : undefined,
  };
}

/** The official clients say with it after how many seconds they give up; a value that makes no sense says nothing. */
function parseTimeout(value: string | string[] | undefined): number | null {
  const seconds = Number(value);
  return Number.isInteger(seconds) && seconds > 0 && seconds < 1e6 ? seconds * 1000 : null;
}

/**
 * Reads `feature=search,env=prod`. Values may be percent-encoded, since header lines hold no Cyrillic.
 *
 * @throws InvalidRequest
 */
function parseTags(header: string): Record<string, string> {
  const pairs = header.split(',').map((pair) => pair.trim());
  return checkTags(
    pairs.map((pair) => {
      const equals = pair.indexOf('=');
      if (equals < 1)
        throw new InvalidRequest(`x-parsimony-tags: "${pair}" is not key=value`, { param: 'x-parsimony-tags' });
      return { key: decode(pair.slice(0, equals)), value: decode(pair.slice(equals + 1)) };
    }),
    'x-parsimony-tags',
  );
}

/** @throws InvalidRequest for names or values that cannot be tags, or too many of them. */
export function checkTags(tags: readonly { key: string; value: string }[], param: string): Record<string, string> {
  if (tags.length > TAGS_AT_MOST) throw new InvalidRequest(`at most ${TAGS_AT_MOST} tags`, { param });
  const checked: Record<string, string> = Object.create(null) as Record<string, string>;
  for (const { key, value } of tags) {
    if (!TAG.test(key))
      throw new InvalidRequest(`"${key}" is no tag name: letters, digits and . _ : / - only, 64 at most`, { param });
    if (!TAG_VALUE.test(value))
      throw new InvalidRequest(`the value of tag ${key} must have 1 to 128 printable characters`, { param });
    checked[key] = value;
  }
  return checked;
}

/** @throws InvalidRequest */
export function parseCache(value: string | string[] | undefined): CacheWish {
  if (value === undefined) return 'default';
  if (value === 'no-store' || value === 'refresh') return value;
  throw new InvalidRequest('x-parsimony-cache is no-store or refresh', { param: 'x-parsimony-cache' });
}

function parseTier(value: string | string[] | undefined): Tier | null {
  if (value === undefined) return null;
  if (isTier(value)) return value;
  throw new InvalidRequest('x-parsimony-tier is economy, standard or premium', { param: 'x-parsimony-tier' });
}

function decode(text: string): string {
  try {
    return decodeURIComponent(text.trim());
  } catch {
    return text.trim();
  }
}
