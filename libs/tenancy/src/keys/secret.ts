import { hash, randomBytes } from 'node:crypto';

const MARK = 'psk_';
const SHOWN = 12;

/** A new secret: 256 random bits behind a mark by which scanners of source code can find it. */
export function newSecret(): string {
  return MARK + randomBytes(32).toString('base64url');
}

/**
 * SHA-256 of a secret. A slow hash would protect passwords that people choose; 256 random bits cannot be guessed, and
 * this one runs on every call.
 */
export function hashSecret(secret: string): Buffer {
  return hash('sha256', secret, 'buffer');
}

/** How a secret begins, to recognise it by. Of one that a person chose, and that may be short, about a quarter. */
export function prefixOf(secret: string): string {
  return secret.slice(0, Math.min(SHOWN, Math.ceil(secret.length / 4)));
}
