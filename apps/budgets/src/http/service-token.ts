import { createHash, timingSafeEqual } from 'node:crypto';
import { InvalidApiKey } from '@parsimony/contract';

const BEARER = /^Bearer +(\S+)$/i;

/** Knows the gateways by the token that they share with the service. */
export class ServiceToken {
  readonly #digest: Buffer;

  constructor(token: string) {
    this.#digest = digestOf(token);
  }

  /**
   * Compares digests, which are of one length, in a time that does not tell how much of them is right.
   *
   * @param header as it stands in `Authorization`.
   * @throws InvalidApiKey
   */
  check(header: string | undefined): void {
    const given = BEARER.exec(header ?? '')?.[1];
    if (given === undefined) throw new InvalidApiKey('the service token is missing: Authorization: Bearer TOKEN');
    if (!timingSafeEqual(digestOf(given), this.#digest)) throw new InvalidApiKey('this is not the service token');
  }
}

function digestOf(token: string): Buffer {
  return createHash('sha256').update(token).digest();
}
