import { createCipheriv, createDecipheriv, hkdfSync, randomBytes, scrypt } from 'node:crypto';
import { promisify } from 'node:util';

const derive = promisify<string, string, number, object, Buffer>(scrypt);

/**
 * Fixed, so that every gateway makes the same key of the same text: what is to be told apart is told apart by the random
 * salt of each record. 32 MiB and some 100 ms, once at start, for texts that people thought of.
 */
const SCRYPT_SALT = 'parsimony master key, version 1';
const SCRYPT = { N: 1 << 15, r: 8, p: 1, maxmem: 1 << 26 };

const VERSION = 1;
const SALT_BYTES = 32;
const NONCE_BYTES = 12;
const TAG_BYTES = 16;
const HEAD_BYTES = 1 + SALT_BYTES + NONCE_BYTES;
const CIPHER = 'aes-256-gcm';

/**
 * A key that seals records: AES-256-GCM (NIST SP 800-38D) under a key of each record's own, made of the master key and a
 * random salt by HKDF-SHA-256 (RFC 5869). Sealed: version, salt, nonce, ciphertext, tag, one behind the other.
 */
export class MasterKey {
  readonly #root: Buffer;

  private constructor(
    root: Buffer,
    /** A fingerprint, by which a record names the key that sealed it; it tells nothing of the key. */
    readonly id: string,
  ) {
    this.#root = root;
  }

  /** @param text the master key as an operator wrote it, best 32 random bytes in base64. */
  static async from(text: string): Promise<MasterKey> {
    const root = await derive(text, SCRYPT_SALT, 32, SCRYPT);
    return new MasterKey(root, Buffer.from(hkdfSync('sha256', root, '', 'parsimony key id', 8)).toString('hex'));
  }

  /** @param owner whose record it is: a seal moved to another one does not open. */
  seal(plain: string, owner: string): Buffer {
    const head = Buffer.concat([Buffer.of(VERSION), randomBytes(SALT_BYTES + NONCE_BYTES)]);
    const cipher = createCipheriv(CIPHER, this.#keyOf(head), nonceOf(head), { authTagLength: TAG_BYTES });
    cipher.setAAD(Buffer.concat([head, Buffer.from(owner)]));
    return Buffer.concat([head, cipher.update(plain, 'utf8'), cipher.final(), cipher.getAuthTag()]);
  }

  /** @throws Error where the seal is another key's or owner's, or was altered. */
  open(sealed: Buffer, owner: string): string {
    const head = sealed.subarray(0, HEAD_BYTES);
    if (sealed.length < HEAD_BYTES + TAG_BYTES || head[0] !== VERSION) throw new Error('not a seal of this version');
    const decipher = createDecipheriv(CIPHER, this.#keyOf(head), nonceOf(head), { authTagLength: TAG_BYTES });
    decipher.setAAD(Buffer.concat([head, Buffer.from(owner)]));
    decipher.setAuthTag(sealed.subarray(-TAG_BYTES));
    const text = decipher.update(sealed.subarray(HEAD_BYTES, -TAG_BYTES));
    return Buffer.concat([text, decipher.final()]).toString('utf8');
  }

  #keyOf(head: Buffer): Buffer {
    return Buffer.from(hkdfSync('sha256', this.#root, head.subarray(1, 1 + SALT_BYTES), 'parsimony record', 32));
  }
}

function nonceOf(head: Buffer): Buffer {
  return head.subarray(1 + SALT_BYTES);
}
