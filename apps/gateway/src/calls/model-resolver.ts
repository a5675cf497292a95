import { isTier, ModelNotFound, TIERS } from '@parsimony/contract';
import type { ModelTarget, Tier } from '@parsimony/contract';

/** What a tenant's document says of tiers: models as `provider/model`, the preferred one first. */
export type TierMap = { readonly [Each in Tier]?: readonly string[] | undefined };

export interface ModelResolverOptions {
  readonly tiers: TierMap;
  /** Providers that this deployment can reach, the preferred one first. */
  readonly providers: readonly string[];
  /** Whether a price for the model is known, to the catalogue or to the tenant. */
  readonly isPriced: (provider: string, model: string) => boolean;
}

/** Where `auto` goes when no layer routes it. */
const AUTO_TIER: Tier = 'standard';
const REMEMBERED_NAMES = 1000;

/**
 * Finds the model that a caller means: `provider/model`, a bare name, a tier, or `auto`. A bare name must be priced or
 * listed in a tier. With its provider named, a model that nobody has priced is let through, at the ceiling price.
 */
export class ModelResolver {
  readonly #tierOf = new Map<string, Tier>();
  readonly #remembered = new Map<string, ModelTarget>();

  constructor(private readonly options: ModelResolverOptions) {
    for (const tier of TIERS) {
      for (const name of options.tiers[tier] ?? []) if (!this.#tierOf.has(name)) this.#tierOf.set(name, tier);
    }
  }

  /** @throws ModelNotFound */
  resolve(name: string): ModelTarget {
    const remembered = this.#remembered.get(name);
    if (remembered) return remembered;
    const target = this.#find(name);
    // Names come from callers: remembering all of them would grow without end.
    if (this.#remembered.size < REMEMBERED_NAMES) this.#remembered.set(name, target);
    return target;
  }

  /** The first model of a tier whose provider can be reached. */
  preferred(tier: Tier): ModelTarget | undefined {
    for (const qualified of this.options.tiers[tier] ?? []) {
      const slash = qualified.indexOf('/');
      const provider = qualified.slice(0, slash);
      if (this.options.providers.includes(provider)) return { provider, model: qualified.slice(slash + 1), tier };
    }
    return undefined;
  }

  #find(name: string): ModelTarget {
    if (name === 'auto') return this.#first(AUTO_TIER, name);
    if (isTier(name)) return this.#first(name, name);
    const slash = name.indexOf('/');
    const provider = name.slice(0, Math.max(slash, 0));
    if (this.options.providers.includes(provider)) return this.#target(provider, name.slice(slash + 1), name);
    const offering = this.options.providers.find((each) => this.#offers(each, name));
    if (offering === undefined) throw notFound(name);
    return this.#target(offering, name, name);
  }

  #offers(provider: string, model: string): boolean {
    return this.#tierOf.has(`${provider}/${model}`) || this.options.isPriced(provider, model);
  }

  #first(tier: Tier, name: string): ModelTarget {
    const target = this.preferred(tier);
    if (target) return target;
    throw new ModelNotFound(`the tenant has no reachable model of tier ${tier} for "${name}"`, { param: 'model' });
  }

  #target(provider: string, model: string, name: string): ModelTarget {
    if (model === '') throw notFound(name);
    return { provider, model, tier: this.#tierOf.get(`${provider}/${model}`) ?? null };
  }
}

function notFound(name: string): ModelNotFound {
  return new ModelNotFound(`The model "${name}" does not exist or is offered by no provider of this gateway`, {
    param: 'model',
  });
}
