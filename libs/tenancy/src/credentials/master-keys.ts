import { MasterKeyUnavailable } from '@parsimony/contract';
import { MasterKey } from './master-key.js';
import { Secret } from './secret.js';

/** What was sealed, and by which key. */
export interface Sealed {
  readonly sealed: Buffer;
  readonly masterKeyId: string;
}

/** The key that seals, and those before it, which still open until everything is sealed anew. */
export class MasterKeys {
  private readonly byId: ReadonlyMap<string, MasterKey>;

  private constructor(
    private readonly current: MasterKey | null,
    previous: readonly MasterKey[],
  ) {
    this.byId = new Map([...previous, ...(current ? [current] : [])].map((key) => [key.id, key]));
  }

  /** A deployment without a master key: nothing is sealed and nothing opened. */
  static readonly none = new MasterKeys(null, []);

  /**
   * @param texts master keys as operators wrote them, such as `PARSIMONY_MASTER_KEY`. Takes some 100 ms for each.
   */
  static async from(texts: {
    readonly current?: string | undefined;
    readonly previous?: readonly string[];
  }): Promise<MasterKeys> {
    const { current, previous = [] } = texts;
    return new MasterKeys(
      current === undefined ? null : await MasterKey.from(current),
      await Promise.all(previous.map((text) => MasterKey.from(text))),
    );
  }

  /** Fingerprint of the key that seals; null: there is none. */
  get currentId(): string | null {
    return this.current?.id ?? null;
  }

  /** @param owner whose record it is. @throws MasterKeyUnavailable */
  seal(secret: Secret, owner: string): Sealed {
    if (!this.current) throw new MasterKeyUnavailable('no master key is set, so that no credential can be kept');
    return { sealed: this.current.seal(secret.reveal(), owner), masterKeyId: this.current.id };
  }

  /** @throws MasterKeyUnavailable where the key is not there, or the record was altered or moved. */
  open({ sealed, masterKeyId }: Sealed, owner: string): Secret {
    const key = this.byId.get(masterKeyId);
    if (!key)
      throw new MasterKeyUnavailable(`a credential is sealed by the master key ${masterKeyId}, which is not set`);
    try {
      return new Secret(key.open(sealed, owner));
    } catch (error) {
      throw new MasterKeyUnavailable('a credential does not open: it was altered, or belongs to another record', {
        cause: error,
      });
    }
  }
}
