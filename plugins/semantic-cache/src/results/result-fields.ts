import { InvalidRequest } from '@parsimony/contract';
import type { Json, ResultQuestion } from '@parsimony/contract';

const NAMESPACE = /^[a-z0-9._-]{1,64}$/;
const LONGEST_INPUT = 32_768;
const MOST_VALUE_BYTES = 256 * 1024;

/** @throws InvalidRequest that names the field. */
export function checkQuestion({ namespace, input }: ResultQuestion): void {
  if (!NAMESPACE.test(namespace)) {
    throw new InvalidRequest('namespace must be 1 to 64 lower-case letters, digits, ".", "_" or "-"', {
      param: 'namespace',
    });
  }
  if (input.trim() === '' || input.length > LONGEST_INPUT) {
    throw new InvalidRequest(`input must be a text of 1 to ${LONGEST_INPUT} characters`, { param: 'input' });
  }
}

/** @returns the value as JSON in UTF-8. @throws InvalidRequest that names the field. */
export function encodeValue(value: Json): Buffer {
  const bytes = Buffer.from(JSON.stringify(value));
  if (bytes.byteLength <= MOST_VALUE_BYTES) return bytes;
  throw new InvalidRequest(`value must be at most ${MOST_VALUE_BYTES} bytes of JSON`, { param: 'value' });
}

export function decodeValue(bytes: Uint8Array): Json {
  return JSON.parse(Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('utf8')) as Json;
}
