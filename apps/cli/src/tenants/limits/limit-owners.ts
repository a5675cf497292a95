import type { LimitScope } from '@parsimony/tenancy';
import { BadInput } from '../../cli/exit-code.js';

interface Named {
  readonly id: string;
  readonly name: string;
}

/** A place as a file names it. */
export interface NamedScope {
  readonly team?: string | undefined;
  readonly key?: string | undefined;
  /** `feature=search` */
  readonly tag?: string | undefined;
}

/** A tenant's teams and keys by the names that files call them by. */
export class LimitOwners {
  /** @param keys those that are not revoked. */
  constructor(
    private readonly teams: readonly Named[],
    private readonly keys: readonly Named[],
  ) {}

  /** The same with teams that are about to be made. */
  with(teams: readonly Named[]): LimitOwners {
    return new LimitOwners([...this.teams, ...teams], this.keys);
  }

  /** @throws BadInput */
  teamId(name: string): string {
    return idOf('team', name, this.teams);
  }

  /** @throws BadInput where there is none of that name, or several. */
  scopeOf({ team, key, tag }: NamedScope): LimitScope {
    return {
      teamId: team === undefined ? null : this.teamId(team),
      keyId: key === undefined ? null : idOf('key', key, this.keys),
      tag: tag === undefined ? null : tagOf(tag),
    };
  }

  teamName(id: string): string {
    return this.teams.find((team) => team.id === id)?.name ?? id;
  }

  /** @returns undefined for a limit of a key that was revoked: it limits nothing. */
  nameScope({ teamId, keyId, tag }: LimitScope): NamedScope | undefined {
    const tagged = tag !== null && { tag: `${tag.key}=${tag.value}` };
    if (keyId !== null) {
      const key = this.keys.find(({ id }) => id === keyId)?.name;
      return key === undefined ? undefined : { key, ...tagged };
    }
    return { ...(teamId !== null && { team: this.teamName(teamId) }), ...tagged };
  }
}

/** For example `team search, tag feature=search`; of the tenant as a whole `the tenant`. */
export function labelOf({ team, key, tag }: NamedScope): string {
  const parts = [team && `team ${team}`, key && `key ${key}`, tag && `tag ${tag}`].filter(Boolean);
  return parts.length === 0 ? 'the tenant' : parts.join(', ');
}

function idOf(kind: string, name: string, all: readonly Named[]): string {
  const found = all.filter((each) => each.name === name);
  const [first] = found;
  if (!first) throw new BadInput(`there is no ${kind} "${name}"`);
  if (found.length > 1) throw new BadInput(`${found.length} ${kind}s are named "${name}"; limit them over GraphQL`);
  return first.id;
}

/** A value may have further equals signs, a key has none. */
function tagOf(text: string): { readonly key: string; readonly value: string } {
  const equals = text.indexOf('=');
  return { key: text.slice(0, equals), value: text.slice(equals + 1) };
}
