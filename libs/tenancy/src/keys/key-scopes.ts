import { InvalidRequest, PermissionDenied } from '@parsimony/contract';
import { CidrList } from '@parsimony/network';
import { modelPattern } from './model-pattern.js';

const MOST_ENTRIES = 100;
const LONGEST_PATTERN = 200;
const PATTERN = /^[^\s\p{Cc}]+$/u;

/** To what models and addresses a key is limited, compiled. */
export class KeyScopes {
  private constructor(
    private readonly models: readonly ((model: string) => boolean)[] | null,
    private readonly addresses: Pick<CidrList, 'contains'> | null,
  ) {}

  /**
   * @param models patterns of `provider/model` or of a bare name, `*` for any run of characters; null: all.
   * @param addresses IPs and CIDRs; null: all. What cannot be read allows none: never more than was meant.
   * @returns null for a key that is limited to nothing.
   */
  static of(models: readonly string[] | null, addresses: readonly string[] | null): KeyScopes | null {
    if (models === null && addresses === null) return null;
    return new KeyScopes(models?.map(modelPattern) ?? null, addresses && readAddresses(addresses));
  }

  /** @param model `provider/model`, or a name without provider. */
  allowsModel(model: string): boolean {
    if (this.models === null) return true;
    const bare = model.slice(model.indexOf('/') + 1);
    return this.models.some((matches) => matches(model) || matches(bare));
  }

  /** @param ip as text, version 4 or 6. */
  allowsAddress(ip: string): boolean {
    return this.addresses === null || this.addresses.contains(ip);
  }

  /** @throws PermissionDenied */
  demandModel(model: string): void {
    if (!this.allowsModel(model))
      throw new PermissionDenied(`this key may not call the model "${model}"`, { param: 'model' });
  }

  /** @throws PermissionDenied */
  demandAddress(ip: string): void {
    if (!this.allowsAddress(ip)) throw new PermissionDenied('this key may not be used from this address');
  }
}

/**
 * Proves the patterns of models that a new key is limited to; none at all would make a key that can do nothing.
 *
 * @throws InvalidRequest
 */
export function parseAllowedModels(patterns: readonly string[] | null): readonly string[] | null {
  if (patterns === null) return null;
  demandCount(patterns, 'allowedModels');
  for (const [index, pattern] of patterns.entries())
    if (pattern.length > LONGEST_PATTERN || !PATTERN.test(pattern))
      throw new InvalidRequest('a pattern of models is a name such as "openai/gpt-4.1*", without spaces', {
        param: `allowedModels[${index}]`,
      });
  return patterns;
}

/** Proves the addresses that a new key is limited to. @throws InvalidRequest */
export function parseAllowedAddresses(addresses: readonly string[] | null): readonly string[] | null {
  if (addresses === null) return null;
  demandCount(addresses, 'allowedAddresses');
  CidrList.parse(addresses, 'allowedAddresses');
  return addresses;
}

function demandCount(entries: readonly string[], param: string): void {
  if (entries.length < 1 || entries.length > MOST_ENTRIES)
    throw new InvalidRequest(`name 1 to ${MOST_ENTRIES}, or leave it out for all`, { param });
}

function readAddresses(addresses: readonly string[]): Pick<CidrList, 'contains'> {
  try {
    return CidrList.parse(addresses);
  } catch {
    return { contains: () => false };
  }
}
