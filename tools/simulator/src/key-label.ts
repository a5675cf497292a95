import { hash } from 'node:crypto';

/** Below this length four characters would give away too much of the key. */
const SHORTEST_SHOWN = 12;

/**
 * How a secret key is named in the bill and in logs: its last four characters and eight hexadecimal digits of its
 * SHA-256, for example `...9f3a-1b2c3d4e`. Short keys show the digest alone.
 */
export function keyLabel(secret: string): string {
  const ending = secret.length >= SHORTEST_SHOWN ? secret.slice(-4) : '';
  return `...${ending}-${hash('sha256', secret, 'hex').slice(0, 8)}`;
}
