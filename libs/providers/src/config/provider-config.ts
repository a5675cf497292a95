import type { Protocol } from '@parsimony/protocols';

export const PROVIDER_KINDS = ['openai', 'azure', 'anthropic', 'gemini', 'mistral', 'compatible'] as const;

export type ProviderKind = (typeof PROVIDER_KINDS)[number];

/** A client of Microsoft Entra ID that may use the Azure resource (OAuth 2.0 client credentials, RFC 6749 section 4.4). */
export interface EntraClient {
  readonly type: 'entra';
  readonly tenantId: string;
  readonly clientId: string;
  readonly clientSecret: string;
  /** `https://login.microsoftonline.com` unless told. */
  readonly authority?: string;
}

export type ProviderCredential =
  { readonly type: 'key'; readonly key: string } | EntraClient | { readonly type: 'none' };

/** Milliseconds. */
export interface ProviderTimeouts {
  /** 10,000 unless told. */
  readonly connectMs?: number;
  /** From the request to the answer's head; 300,000 unless told: a model that thinks may need minutes. */
  readonly firstByteMs?: number;
  /** The longest silence within an answer; 300,000 unless told. */
  readonly betweenBytesMs?: number;
}

/** What is not secret about a provider, as it is stored. */
export interface ProviderSettings {
  readonly timeouts?: ProviderTimeouts;
  /** Connections that one gateway process opens at most; 512 unless told. */
  readonly connections?: number;
  /** Azure: a dated version for the classic API; without one, or with `v1` or `preview`, the v1 API is called. */
  readonly apiVersion?: string;
  /** Azure: the deployment of each model that is not named like its deployment. */
  readonly deployments?: Readonly<Record<string, string>>;
  /** OpenAI: whom the calls are billed to. */
  readonly organization?: string;
  readonly project?: string;
  /** Compatible servers: where reasoning tokens stand; found out by `total_tokens` unless told. */
  readonly reasoning?: 'inside' | 'beside';
  /** Compatible servers: their streams give their usage unasked, and `stream_options` is not sent, which some refuse. */
  readonly sendsUsage?: boolean;
  /** Compatible servers: the protocols that they speak, the preferred one first; chat completions unless told. */
  readonly protocols?: readonly Protocol[];
}

export interface ProviderConfig {
  /** The first part of a model's full name, `name/model`. */
  readonly name: string;
  readonly kind: ProviderKind;
  /** Needed for `azure` (the resource's endpoint) and `compatible`; the provider's own address for all others. */
  readonly baseUrl?: string;
  readonly credential: ProviderCredential;
  readonly settings: ProviderSettings;
  /** The deployment's own, which may stand at a private address. A tenant's own may not. */
  readonly trusted: boolean;
}
