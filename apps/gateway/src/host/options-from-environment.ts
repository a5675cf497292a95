import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { EnvironmentError, type Environment } from '@parsimony/environment';
import { parseCeilingRates } from '@parsimony/pricing';
import type { Logger } from '@parsimony/telemetry';
import { MasterKeys, type JwtSignInOptions } from '@parsimony/tenancy';
import type { BudgetsServiceOptions, GatewayOptions } from './gateway-options.js';
import type { HttpOptions } from './http/http-options.js';
import { providersFrom } from './providers-from-environment.js';

/** @throws EnvironmentError */
export async function gatewayOptions(
  environment: Environment,
  variables: NodeJS.ProcessEnv,
  logger: Logger,
): Promise<GatewayOptions> {
  const {
    DATABASE_URL: databaseUrl,
    PARSIMONY_HOME: home,
    PARSIMONY_CEILING_INPUT_USD: input,
    PARSIMONY_CEILING_OUTPUT_USD: output,
    PARSIMONY_MASTER_KEY: current,
    PARSIMONY_MASTER_KEY_PREVIOUS: previous,
    PARSIMONY_MAX_CALLS_PER_PROVIDER: maxCallsPerProvider,
  } = environment;
  if (databaseUrl === undefined) throw new EnvironmentError('DATABASE_URL is not set; `parsimony up` sets it');
  return {
    databaseUrl,
    home,
    journalDirectory: join(home, 'journal'),
    priceFile: join(home, 'prices.json'),
    plugins: environment.PARSIMONY_PLUGINS,
    pluginsFrom: fileURLToPath(new URL('../..', import.meta.url)),
    providers: providersFrom(environment, variables),
    masterKeys: await MasterKeys.from({ current, previous: previous === undefined ? [] : [previous] }),
    allowedAddresses: environment.PARSIMONY_ALLOWED_ADDRESSES,
    ...(input !== undefined && output !== undefined && { ceiling: parseCeilingRates({ input, output }) }),
    ...(maxCallsPerProvider !== undefined && { maxCallsPerProvider }),
    retention: { months: environment.PARSIMONY_RETENTION_MONTHS, auditDays: environment.PARSIMONY_AUDIT_DAYS },
    tracing: environment,
    ...qdrantFrom(environment),
    ...budgetsFrom(environment),
    ...signInFrom(environment),
    logger,
  };
}

export function httpOptions(environment: Environment): HttpOptions {
  const { PARSIMONY_TLS_CERT: certificate, PARSIMONY_TLS_KEY: key } = environment;
  return {
    host: environment.HOST,
    port: environment.PORT,
    bodyLimit: environment.PARSIMONY_BODY_LIMIT,
    corsOrigins: environment.PARSIMONY_CORS_ORIGINS,
    trustedProxies: environment.PARSIMONY_TRUSTED_PROXIES,
    ...(certificate !== undefined && key !== undefined && { tls: { certificate, key } }),
  };
}

function qdrantFrom({ QDRANT_URL: url, QDRANT_API_KEY: apiKey }: Environment): Pick<GatewayOptions, 'qdrant'> {
  return url === undefined ? {} : { qdrant: { url, apiKey } };
}

function budgetsFrom({ PARSIMONY_BUDGETS_URL: urls, PARSIMONY_SERVICE_TOKEN: token }: Environment): {
  budgets?: BudgetsServiceOptions;
} {
  return urls.length > 0 && token !== undefined ? { budgets: { urls, token } } : {};
}

function signInFrom(environment: Environment): { signIn?: JwtSignInOptions } {
  const {
    PARSIMONY_OIDC_ISSUER: issuer,
    PARSIMONY_OIDC_AUDIENCE: audience,
    PARSIMONY_OIDC_TENANT_CLAIM: tenantClaim,
    PARSIMONY_OIDC_TEAM_CLAIM: teamClaim,
    PARSIMONY_OIDC_ROLE_CLAIM: roleClaim,
    PARSIMONY_OIDC_ROLES: roles,
  } = environment;
  if (issuer === undefined || audience === undefined) return {};
  return { signIn: { issuer, audience, tenantClaim, teamClaim, roleClaim, ...(roles && { roles }) } };
}
