import { InvalidRequest, isJsonObject } from '@parsimony/contract';
import type { Json, JsonObject } from '@parsimony/contract';

const LARGEST_BYTES = 16 * 1024;

/** What a provider takes to know its customer, such as `{ apiKey }` or `{ clientId, clientSecret }`. */
export type ProviderSecret = Readonly<Record<string, string>>;

/**
 * Reads the secret of a credential: a text, which stands for `{ apiKey: text }`, or an object of texts.
 *
 * @throws InvalidRequest, whose message never has any of it.
 */
export function parseProviderSecret(secret: Json): ProviderSecret {
  const members: JsonObject = typeof secret === 'string' ? { apiKey: secret } : isJsonObject(secret) ? secret : {};
  const entries = Object.entries(members).filter((entry): entry is [string, string] => isSecretText(entry[1]));
  if (entries.length === 0 || entries.length < Object.keys(members).length)
    throw new InvalidRequest('a secret is a text, or an object of texts such as { "apiKey": "…" }', {
      param: 'secret',
    });
  const texts = Object.fromEntries(entries);
  if (Buffer.byteLength(JSON.stringify(texts)) > LARGEST_BYTES)
    throw new InvalidRequest(`a secret has at most ${LARGEST_BYTES} bytes`, { param: 'secret' });
  return texts;
}

/** The part of a secret whose end is shown: the one that is most likely to be recognised. */
export function mainPartOf(secret: ProviderSecret): string {
  return secret['apiKey'] ?? Object.values(secret).at(-1) ?? '';
}

function isSecretText(value: Json | undefined): value is string {
  // A line break in a key would end up in a header line.
  return typeof value === 'string' && value !== '' && value.isWellFormed() && !value.includes('\0');
}
