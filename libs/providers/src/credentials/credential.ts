/** Proves to a provider who calls. */
export interface Credential {
  /** Flat header lines, the same array until they change; undefined where they have to be obtained first. */
  headers(): readonly string[] | undefined;
  /** @throws ProviderRefused, ProviderUnreachable */
  obtain(): Promise<readonly string[]>;
}

/** A credential that does not change: a key, or none at all. */
export class FixedCredential implements Credential {
  constructor(private readonly lines: readonly string[]) {}

  headers(): readonly string[] {
    return this.lines;
  }

  obtain(): Promise<readonly string[]> {
    return Promise.resolve(this.lines);
  }
}
