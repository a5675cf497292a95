import type { AddressGuard } from '@parsimony/network';
import type { CredentialRules, MasterKeys } from '@parsimony/tenancy';
import { parseTenantSettings } from './provider-config-of.js';

/** What tenants may bring with them: proved where it is written, and again where it is used. */
export function credentialRulesOf(masterKeys: MasterKeys, guard: AddressGuard): CredentialRules {
  return {
    masterKeys,
    checkUrl: (url) => void guard.checkUrl(url, 'baseUrl'),
    parseSettings: parseTenantSettings,
  };
}
