import type { CallerRef } from '@parsimony/contract';
import type { Budget, RateLimit } from '@parsimony/tenancy';
import type { BudgetLine, RateLine } from './limits-above.js';
import { TaggedLines } from './tagged-lines.js';

/** The lines of one team's callers: of keys that some limit names, and of all others. */
interface LinesOfTeam<Tagged> {
  readonly byKey: ReadonlyMap<string, Tagged>;
  readonly others: Tagged;
}

/** Finds the lines above a call. What teams and keys come to is worked out once; no key that calls takes up memory. */
export class LinesOfCallers<L extends BudgetLine | RateLine, Above> {
  readonly #teams = new Map<string | null, LinesOfTeam<TaggedLines<L, Above>>>();

  constructor(
    private readonly lines: readonly L[],
    private readonly limitOf: (line: L) => Budget | RateLimit,
    private readonly aboveOf: (lines: readonly L[]) => Above,
  ) {}

  find({ teamId, keyId }: CallerRef, tags: Readonly<Record<string, string>>): Above {
    let team = this.#teams.get(teamId);
    if (!team) this.#teams.set(teamId, (team = this.#linesOf(teamId)));
    return (team.byKey.get(keyId) ?? team.others).find(tags);
  }

  #linesOf(teamId: string | null): LinesOfTeam<TaggedLines<L, Above>> {
    const lines = this.lines.filter((line) => holdsForTeam(this.limitOf(line), teamId));
    const ofKey = (wanted: string | null) =>
      new TaggedLines(
        lines.filter((line) => {
          const { keyId } = this.limitOf(line);
          return keyId === null || keyId === wanted;
        }),
        (line) => this.limitOf(line).tag,
        this.aboveOf,
      );
    const keys = new Set(lines.flatMap((line) => this.limitOf(line).keyId ?? []));
    return { byKey: new Map([...keys].map((key) => [key, ofKey(key)])), others: ofKey(null) };
  }
}

function holdsForTeam(limit: Budget | RateLimit, teamId: string | null): boolean {
  if ('pooledTeamIds' in limit && limit.pooledTeamIds !== null)
    return teamId !== null && limit.pooledTeamIds.includes(teamId);
  return limit.teamId === null || limit.teamId === teamId;
}
