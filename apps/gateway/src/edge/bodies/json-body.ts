import { isUtf8 } from 'node:buffer';
import { InvalidJson } from '@parsimony/contract';

/** @throws InvalidJson */
export function parseJson(bytes: Buffer): unknown {
  // A decoder that repairs would make text longer than its bytes, which are the upper bound of its tokens.
  if (!isUtf8(bytes)) throw new InvalidJson('the body is not UTF-8');
  try {
    return JSON.parse(bytes.toString('utf8'));
  } catch (error) {
    throw new InvalidJson('the body is not JSON', { cause: error });
  }
}
