import { InvalidRequest } from '@parsimony/contract';

const LONGEST = 100;

/**
 * Reads the name of a tenant, team or key: 1–100 characters of any script, without control characters, trimmed and in
 * Unicode's composed form, so that no two names look alike but differ.
 *
 * @throws InvalidRequest
 */
export function parseName(text: string): string {
  if (!text.isWellFormed() || /\p{Cc}/u.test(text)) {
    throw new InvalidRequest('a name must not have control characters', { param: 'name' });
  }
  const name = text.trim().normalize('NFC');
  const length = [...name].length;
  if (length < 1 || length > LONGEST) {
    throw new InvalidRequest(`a name has 1 to ${LONGEST} characters, this one has ${length}`, { param: 'name' });
  }
  return name;
}
