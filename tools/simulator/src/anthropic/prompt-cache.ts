import { hash } from 'node:crypto';
import type { PromptCacheSettings } from '../settings.js';
import type { CacheMark } from './cache-mark.js';
import type { PromptBlock } from './prompt-block.js';

/** How many tokens of a prompt went through the cache; the others are input at the full price. */
export interface CacheUse {
  readonly read: number;
  /** Written for five minutes. */
  readonly write: number;
  /** Written for an hour. */
  readonly writeLong: number;
}

/** What the cache does for one prompt. */
export interface CachePlan {
  readonly use: CacheUse;
  /** Carries it out, once the prompt has been processed. */
  readonly remember: () => void;
}

interface Entry {
  readonly lifetimeMs: number;
  readonly expiresAt: number;
}

/** A prefix of a prompt that ends with a block. */
interface Prefix {
  readonly name: string;
  readonly tokens: number;
  readonly mark: CacheMark | null;
}

const LIFETIMES_MS: Readonly<Record<CacheMark, number>> = { '5m': 300_000, '1h': 3_600_000 };

/** How many blocks before a mark are looked at for a prefix that is there already. */
const LOOK_BACK = 20;

const MOST_ENTRIES = 10_000;
const NOTHING: CachePlan = { use: { read: 0, write: 0, writeLong: 0 }, remember: () => undefined };

/**
 * Remembers which marked prefixes were processed lately. How reading and writing are told apart, also with both
 * lifetimes in one prompt, is Anthropic's rule ("Prompt caching", sections "Mixing different TTLs" and "Cache hits").
 */
export class PromptCache {
  readonly #entries = new Map<string, Entry>();

  constructor(readonly now: () => number = Date.now) {}

  /**
   * @param owner key and model: nobody reads what another has written.
   * @param minimum tokens of the shortest prefix that is cached.
   */
  plan(owner: string, blocks: readonly PromptBlock[], minimum: number, mode: PromptCacheSettings['mode']): CachePlan {
    if (mode === 'off' || blocks.every(({ mark }) => mark === null)) return NOTHING;
    const prefixes = prefixesOf(owner, blocks);
    const marked = prefixes.filter(({ mark, tokens }) => mark !== null && tokens >= minimum);
    const last = marked.at(-1);
    if (!last) return NOTHING;
    const hit = mode === 'remember' ? this.#longestHit(prefixes, marked) : mode === 'read' ? last : null;
    const read = hit?.tokens ?? 0;
    const long = marked.findLast(({ mark }) => mark === '1h')?.tokens ?? 0;
    const writeLong = Math.max(0, long - read);
    const remember = (): void => {
      if (hit) this.#refresh(hit);
      for (const prefix of marked) this.#refresh(prefix);
    };
    return { use: { read, write: last.tokens - read - writeLong, writeLong }, remember };
  }

  clear(): void {
    this.#entries.clear();
  }

  #longestHit(prefixes: readonly Prefix[], marked: readonly Prefix[]): Prefix | null {
    const isInReach = (index: number): boolean =>
      marked.some((mark) => {
        const end = prefixes.indexOf(mark);
        return index <= end && index > end - LOOK_BACK;
      });
    return prefixes.findLast((prefix, index) => isInReach(index) && this.#isFresh(prefix)) ?? null;
  }

  #isFresh({ name }: Prefix): boolean {
    const entry = this.#entries.get(name);
    return entry !== undefined && entry.expiresAt > this.now();
  }

  /** Begins a prefix's lifetime anew. What was written for an hour stays so. */
  #refresh(prefix: Prefix): void {
    const { name, mark } = prefix;
    const known = this.#isFresh(prefix) ? (this.#entries.get(name)?.lifetimeMs ?? 0) : 0;
    const lifetimeMs = Math.max(known, mark === null ? 0 : LIFETIMES_MS[mark]);
    this.#entries.delete(name);
    this.#entries.set(name, { lifetimeMs, expiresAt: this.now() + lifetimeMs });
    for (const oldest of this.#entries.keys()) {
      if (this.#entries.size <= MOST_ENTRIES) break;
      this.#entries.delete(oldest);
    }
  }
}

/** The prefixes of a prompt, each named by a hash of everything in it. */
function prefixesOf(owner: string, blocks: readonly PromptBlock[]): Prefix[] {
  let name = owner;
  let tokens = 0;
  return blocks.map((block) => {
    name = hash('sha256', `${name}\n${block.identity}`);
    tokens += block.tokens;
    return { name, tokens, mark: block.mark };
  });
}
