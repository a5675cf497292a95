import { readProvidersFile } from '@parsimony/environment';
import type { Patient } from '../patient.js';

/** A request that costs nothing and that only a right key answers: the list of models. */
export interface ProviderProbe {
  readonly name: string;
  readonly url: string;
  /** @throws where a token cannot be had. */
  readonly headers: () => Promise<Readonly<Record<string, string>>>;
  /** What to set where the key is refused. */
  readonly keyVariable: string;
}

/** Dated versions of Azure's classic API; all others are of its v1 API. */
const CLASSIC_VERSION = /^\d{4}-\d{2}-\d{2}/;

/** One probe for each provider that the environment configures. */
export function providerProbes({
  environment,
  variables,
}: Pick<Patient, 'environment' | 'variables'>): ProviderProbe[] {
  const e = environment;
  const probes: (ProviderProbe | undefined)[] = [
    bearer('openai', e.OPENAI_BASE_URL, 'https://api.openai.com/v1', e.OPENAI_API_KEY, 'OPENAI_API_KEY'),
    anthropic(e.ANTHROPIC_BASE_URL, e.ANTHROPIC_API_KEY),
    bearer(
      'gemini',
      e.GEMINI_BASE_URL,
      'https://generativelanguage.googleapis.com/v1beta/openai',
      e.GEMINI_API_KEY,
      'GEMINI_API_KEY',
    ),
    bearer('mistral', e.MISTRAL_BASE_URL, 'https://api.mistral.ai/v1', e.MISTRAL_API_KEY, 'MISTRAL_API_KEY'),
    azure(e),
  ];
  const further = e.PARSIMONY_PROVIDERS === undefined ? [] : readProvidersFile(e.PARSIMONY_PROVIDERS, variables);
  return [
    ...probes.filter((probe) => probe !== undefined),
    ...further.map(({ name, baseUrl, apiKey }) => keyed(name, baseUrl, apiKey, 'its keyVariable')),
  ];
}

function bearer(
  name: string,
  baseUrl: string | undefined,
  usualUrl: string,
  key: string | undefined,
  keyVariable: string,
): ProviderProbe | undefined {
  if (key === undefined && baseUrl === undefined) return undefined;
  return keyed(name, baseUrl ?? usualUrl, key, keyVariable);
}

function keyed(name: string, baseUrl: string, key: string | undefined, keyVariable: string): ProviderProbe {
  const headers = key === undefined ? {} : { authorization: `Bearer ${key}` };
  return { name, url: `${baseUrl}/models`, headers: () => Promise.resolve(headers), keyVariable };
}

function anthropic(baseUrl: string | undefined, key: string | undefined): ProviderProbe | undefined {
  if (key === undefined && baseUrl === undefined) return undefined;
  const root = (baseUrl ?? 'https://api.anthropic.com').replace(/\/v1$/, '');
  const headers = { 'anthropic-version': '2023-06-01', ...(key !== undefined && { 'x-api-key': key }) };
  const keyVariable = 'ANTHROPIC_API_KEY';
  return { name: 'anthropic', url: `${root}/v1/models`, headers: () => Promise.resolve(headers), keyVariable };
}

function azure(environment: Patient['environment']): ProviderProbe | undefined {
  const { AZURE_OPENAI_ENDPOINT: endpoint, AZURE_OPENAI_API_KEY: key, AZURE_OPENAI_API_VERSION: version } = environment;
  if (endpoint === undefined) return undefined;
  const root = endpoint.replace(/\/openai(\/v1)?$/, '');
  const url =
    version !== undefined && CLASSIC_VERSION.test(version)
      ? `${root}/openai/models?api-version=${encodeURIComponent(version)}`
      : `${root}/openai/v1/models`;
  return {
    name: 'azure',
    url,
    headers: async () =>
      key === undefined ? { authorization: `Bearer ${await entraToken(environment)}` } : { 'api-key': key },
    keyVariable: key === undefined ? 'AZURE_CLIENT_SECRET' : 'AZURE_OPENAI_API_KEY',
  };
}

/** OAuth 2.0 client credentials (RFC 6749, section 4.4) at Microsoft Entra ID. */
async function entraToken(environment: Patient['environment']): Promise<string> {
  const { AZURE_TENANT_ID: tenant = '', AZURE_CLIENT_ID: id = '', AZURE_CLIENT_SECRET: secret = '' } = environment;
  const response = await fetch(`https://login.microsoftonline.com/${encodeURIComponent(tenant)}/oauth2/v2.0/token`, {
    method: 'POST',
    body: new URLSearchParams({
      grant_type: 'client_credentials',
      client_id: id,
      client_secret: secret,
      scope: 'https://cognitiveservices.azure.com/.default',
    }),
    signal: AbortSignal.timeout(10_000),
  });
  const answer = (await response.json()) as { readonly access_token?: string };
  if (!response.ok || answer.access_token === undefined)
    throw new Error(`Entra gave no token: status ${response.status}`);
  return answer.access_token;
}
