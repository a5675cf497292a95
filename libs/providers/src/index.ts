export {
  PROVIDER_KINDS,
  type EntraClient,
  type ProviderConfig,
  type ProviderCredential,
  type ProviderKind,
  type ProviderSettings,
  type ProviderTimeouts,
} from './config/provider-config.js';
export { parseProviderSettings } from './config/provider-settings.js';
export { createProvider } from './create-provider.js';
export { ConnectionPools } from './http/connection-pools.js';
export type { ProviderAdapter, ProviderEvent, ProviderExchange } from './provider-adapter.js';
