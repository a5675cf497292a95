/** Whom an exchange speaks with, and for whom. */
export interface ExchangeParties {
  /** The provider's name. */
  readonly provider: string;
  /** Whose credential is sent, as in "the gateway's". */
  readonly credentialOf: string;
}
