/** How the gateway faces the network. */
export interface HttpOptions {
  readonly host: string;
  readonly port: number;
  /** Bytes of a request's body. */
  readonly bodyLimit?: number;
  /** Certificate and key in PEM, by file; the files are read again when they change. */
  readonly tls?: TlsFiles;
  /** Origins whose pages may call; none by default. */
  readonly corsOrigins?: readonly string[];
  /** Addresses or networks of proxies whose `x-forwarded-for` is believed. */
  readonly trustedProxies?: readonly string[];
  readonly limits?: Partial<ConnectionLimits>;
}

export interface TlsFiles {
  readonly certificate: string;
  readonly key: string;
}

/** Times in milliseconds after which a client that does not go on loses its connection. */
export interface ConnectionLimits {
  /** For the header lines of a request. */
  readonly headersMs: number;
  /** For a whole request, its body included. */
  readonly requestMs: number;
  /** Between two requests. */
  readonly idleMs: number;
}

/** A client that sends a byte now and then (slow loris) would otherwise hold a connection for ever. */
export const CONNECTION_LIMITS: ConnectionLimits = { headersMs: 20_000, requestMs: 120_000, idleMs: 65_000 };
