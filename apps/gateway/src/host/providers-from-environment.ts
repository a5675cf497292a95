import { isParsimonyError } from '@parsimony/contract';
import { EnvironmentError, readProvidersFile, type Environment } from '@parsimony/environment';
import { parseProviderSettings, type ProviderConfig, type ProviderCredential } from '@parsimony/providers';
import { parseKind } from './provider-config-of.js';

/**
 * The deployment's own providers, the preferred one first: those that have a key or an address of their own, then those of
 * the file that `PARSIMONY_PROVIDERS` names.
 *
 * @throws EnvironmentError
 */
export function providersFrom(environment: Environment, variables: NodeJS.ProcessEnv): ProviderConfig[] {
  return [...named(environment), ...azure(environment), ...further(environment.PARSIMONY_PROVIDERS, variables)];
}

function named(environment: Environment): ProviderConfig[] {
  const { OPENAI_API_KEY, OPENAI_BASE_URL, ANTHROPIC_API_KEY, ANTHROPIC_BASE_URL } = environment;
  const { GEMINI_API_KEY, GEMINI_BASE_URL, MISTRAL_API_KEY, MISTRAL_BASE_URL } = environment;
  const all = [
    ['openai', OPENAI_API_KEY, OPENAI_BASE_URL],
    ['anthropic', ANTHROPIC_API_KEY, ANTHROPIC_BASE_URL],
    ['gemini', GEMINI_API_KEY, GEMINI_BASE_URL],
    ['mistral', MISTRAL_API_KEY, MISTRAL_BASE_URL],
  ] as const;
  return all
    .filter(([, key, baseUrl]) => key !== undefined || baseUrl !== undefined)
    .map(([kind, key, baseUrl]) => ({
      name: kind,
      kind,
      ...(baseUrl !== undefined && { baseUrl }),
      credential: credentialOf(key),
      settings: {},
      trusted: true,
    }));
}

function azure(environment: Environment): ProviderConfig[] {
  const {
    AZURE_OPENAI_ENDPOINT: baseUrl,
    AZURE_OPENAI_API_KEY: key,
    AZURE_OPENAI_API_VERSION: apiVersion,
    AZURE_TENANT_ID: tenantId,
    AZURE_CLIENT_ID: clientId,
    AZURE_CLIENT_SECRET: clientSecret,
  } = environment;
  if (baseUrl === undefined) return [];
  const isClient = tenantId !== undefined && clientId !== undefined && clientSecret !== undefined;
  const credential: ProviderCredential =
    key === undefined && isClient ? { type: 'entra', tenantId, clientId, clientSecret } : credentialOf(key);
  const settings = apiVersion === undefined ? {} : { apiVersion };
  return [{ name: 'azure', kind: 'azure', baseUrl, credential, settings, trusted: true }];
}

function further(path: string | undefined, variables: NodeJS.ProcessEnv): ProviderConfig[] {
  if (path === undefined) return [];
  return readProvidersFile(path, variables).map(({ name, kind, baseUrl, apiKey, settings }) => {
    try {
      const known = parseKind(kind);
      const read = parseProviderSettings(known, settings);
      return { name, kind: known, baseUrl, credential: credentialOf(apiKey), settings: read, trusted: true };
    } catch (error) {
      if (!isParsimonyError(error)) throw error;
      throw new EnvironmentError(`PARSIMONY_PROVIDERS, ${path}: "${name}": ${error.message}`);
    }
  });
}

function credentialOf(key: string | undefined): ProviderCredential {
  return key === undefined ? { type: 'none' } : { type: 'key', key };
}
