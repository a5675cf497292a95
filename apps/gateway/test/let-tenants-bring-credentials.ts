import { AddressGuard } from '@parsimony/network';
import { MasterKeys } from '@parsimony/tenancy';
import type { CredentialRules } from '@parsimony/tenancy';
import type { GatewayCore } from '../src/host/gateway-core.js';

/** Gives a gateway a master key, and takes any settings of any kind. */
export async function letTenantsBringCredentials(core: GatewayCore): Promise<MasterKeys> {
  const guard = new AddressGuard();
  const masterKeys = await MasterKeys.from({ current: 'a master key for specs' });
  const credentialRules: CredentialRules = {
    masterKeys,
    checkUrl: (url, param) => guard.checkUrl(url, param),
    parseSettings: (_kind, settings) => settings,
  };
  Object.assign(core, { credentialRules });
  return masterKeys;
}
