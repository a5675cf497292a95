import type { JournalOptions } from '@parsimony/metering';
import type { OpenAiProviderOptions } from '@parsimony/providers';
import type { Logger } from '@parsimony/telemetry';

export interface GatewayOptions {
  readonly databaseUrl: string;
  /** Folder of the journal; several gateways may share it. */
  readonly journalDirectory: string;
  /** Plugins by npm name or path, and the folder from which they are resolved. */
  readonly plugins: readonly string[];
  readonly pluginsFrom: string;
  /** In order of preference. */
  readonly providers: readonly OpenAiProviderOptions[];
  readonly logger: Logger;
  readonly journal?: Partial<Omit<JournalOptions, 'onFault'>>;
  readonly flushIntervalMs?: number;
  /** How long an answer is read on after its caller has left. */
  readonly longestDrainMs?: number;
  /** Bytes of a request body. */
  readonly bodyLimit?: number;
}
