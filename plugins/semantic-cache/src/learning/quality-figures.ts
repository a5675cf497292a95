import type { CacheQuality } from '@parsimony/contract';
import type { EntryCount } from '../entries/index.js';
import { CHAT, kindOfResults } from '../semantic/kinds.js';
import { falseHitRate } from '../verification/index.js';
import type { Counts } from './quality-counters.js';

const NO_COUNTS: Counts = { lookups: 0, hits: 0, explorations: 0, audits: 0, falseHits: 0 };

/**
 * How often each kind of answers was right. What calls that classify have left is counted among `chat` in `entries`, for it
 * is kept with it.
 */
export function qualityFigures(
  counts: ReadonlyMap<string, Counts>,
  kept: readonly EntryCount[],
  maxErrorRate: number,
): readonly CacheQuality[] {
  const kinds = new Set([...counts.keys(), ...kept.map(kindOf)]);
  return [...kinds].sort().map((kind) => {
    const own = kept.filter((count) => kindOf(count) === kind);
    return {
      kind,
      maxErrorRate,
      ...(counts.get(kind) ?? NO_COUNTS),
      ...ratesOf(counts.get(kind) ?? NO_COUNTS),
      entries: own.reduce((sum, { entries }) => sum + entries, 0),
      bytes: own.reduce((sum, { bytes }) => sum + bytes, 0),
    };
  });
}

function kindOf({ kind, namespace }: EntryCount): string {
  if (kind === 'exact') return 'exact';
  return kind === 'semantic' ? CHAT : kindOfResults(namespace ?? '');
}

function ratesOf({ audits, falseHits, hits, lookups }: Counts): Pick<CacheQuality, 'falseHitRate' | 'errorRate'> {
  if (audits === 0) return { falseHitRate: null, errorRate: null };
  const { rate, low, high } = falseHitRate({ audits, falseHits });
  const share = lookups === 0 ? 0 : hits / lookups;
  return { falseHitRate: { rate, low, high }, errorRate: { rate: rate * share, low: low * share, high: high * share } };
}
