import type { JournalOptions } from '@parsimony/metering';
import type { CeilingRates } from '@parsimony/pricing';
import type { ProviderConfig } from '@parsimony/providers';
import type { Logger, TracingEnvironment } from '@parsimony/telemetry';
import type { JwtSignInOptions, MasterKeys } from '@parsimony/tenancy';

export interface GatewayOptions {
  readonly databaseUrl: string;
  /** The data folder: what plugins keep on this machine lies in it. */
  readonly home: string;
  /** Keeps vectors; else they are kept in the data folder. */
  readonly qdrant?: { readonly url: string; readonly apiKey?: string | undefined };
  /** Folder of the journal; several gateways may share it. */
  readonly journalDirectory: string;
  /** Plugins by npm name or path, and the folder from which they are resolved. */
  readonly plugins: readonly string[];
  readonly pluginsFrom: string;
  /** The deployment's own, in order of preference. */
  readonly providers: readonly ProviderConfig[];
  readonly logger: Logger;
  /** Opens the credentials of tenants; without them no tenant has any. */
  readonly masterKeys?: MasterKeys;
  /** What tenants' URLs may lead to besides the Internet. */
  readonly allowedAddresses?: readonly string[];
  /** Calls under way at one provider at once. */
  readonly maxCallsPerProvider?: number;
  /** Price of models that nobody has priced; else the dearest of their provider's. */
  readonly ceiling?: CeilingRates;
  /** Prices that were fetched later than those of the release; followed while the gateway runs. */
  readonly priceFile?: string;
  /** The budgets service, by one or several addresses; without it HARD budgets deny, or allow where a tenant says so. */
  readonly budgets?: BudgetsServiceOptions;
  readonly retention?: RetentionOptions;
  readonly tracing?: TracingEnvironment;
  /** Lets people sign in by tokens of an OpenID Connect issuer. */
  readonly signIn?: JwtSignInOptions;
  readonly journal?: Partial<Omit<JournalOptions, 'onFault'>>;
  readonly flushIntervalMs?: number;
  /** How long an answer is read on after its caller has left. */
  readonly longestDrainMs?: number;
}

export interface BudgetsServiceOptions {
  readonly urls: readonly string[];
  /** What the service knows its gateways by. */
  readonly token: string;
}

/** How long things are kept; 0: for ever. */
export interface RetentionOptions {
  readonly months: number;
  readonly auditDays: number;
}
