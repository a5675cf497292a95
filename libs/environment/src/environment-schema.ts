import { z } from 'zod';
import {
  bearerToken,
  httpUrl,
  httpUrls,
  issuerUrl,
  list,
  longSecret,
  networks,
  networksOrHosts,
  origins,
  port,
  postgresUrl,
  roleNames,
  text,
  usdPerMillion,
  wholeNumber,
} from './value-types.js';

const MEBIBYTE = 1 << 20;

const SERVER = {
  PORT: port.default(4000),
  HOST: text.default('127.0.0.1'),
  PARSIMONY_PROCESSES: wholeNumber(1, 256).default(1),
  PARSIMONY_TLS_CERT: text.optional(),
  PARSIMONY_TLS_KEY: text.optional(),
  PARSIMONY_CORS_ORIGINS: origins.default([]),
  PARSIMONY_TRUSTED_PROXIES: networks.default([]),
  PARSIMONY_BODY_LIMIT: wholeNumber(1024, 512 * MEBIBYTE).default(20 * MEBIBYTE),
  PARSIMONY_DRAIN_SECONDS: wholeNumber(0, 3_600).default(30),
  PARSIMONY_DRAIN_DELAY_SECONDS: wholeNumber(0, 300).default(0),
};

const STORES = {
  DATABASE_URL: postgresUrl.optional(),
  QDRANT_URL: httpUrl.optional(),
  QDRANT_API_KEY: text.optional(),
  PARSIMONY_HOME: text.default('.parsimony'),
  PARSIMONY_RETENTION_MONTHS: wholeNumber(0, 1_200).default(0),
  PARSIMONY_AUDIT_DAYS: wholeNumber(0, 36_500).default(0),
};

const PROVIDERS = {
  OPENAI_API_KEY: text.optional(),
  OPENAI_BASE_URL: httpUrl.optional(),
  ANTHROPIC_API_KEY: text.optional(),
  ANTHROPIC_BASE_URL: httpUrl.optional(),
  GEMINI_API_KEY: text.optional(),
  GEMINI_BASE_URL: httpUrl.optional(),
  MISTRAL_API_KEY: text.optional(),
  MISTRAL_BASE_URL: httpUrl.optional(),
  AZURE_OPENAI_ENDPOINT: httpUrl.optional(),
  AZURE_OPENAI_API_KEY: text.optional(),
  AZURE_OPENAI_API_VERSION: text.optional(),
  AZURE_TENANT_ID: text.optional(),
  AZURE_CLIENT_ID: text.optional(),
  AZURE_CLIENT_SECRET: text.optional(),
  PARSIMONY_PROVIDERS: text.optional(),
  PARSIMONY_MAX_CALLS_PER_PROVIDER: wholeNumber(1, 1_000_000).optional(),
  PARSIMONY_CEILING_INPUT_USD: usdPerMillion.optional(),
  PARSIMONY_CEILING_OUTPUT_USD: usdPerMillion.optional(),
};

const BUDGETS = {
  PARSIMONY_BUDGETS_URL: httpUrls.default([]),
  PARSIMONY_BUDGETS_HOST: text.default('127.0.0.1'),
  PARSIMONY_BUDGETS_PORT: port.default(4001),
  PARSIMONY_SERVICE_TOKEN: bearerToken.optional(),
};

const SECURITY = {
  PARSIMONY_ADMIN_KEY: longSecret.optional(),
  PARSIMONY_MASTER_KEY: longSecret.optional(),
  PARSIMONY_MASTER_KEY_PREVIOUS: longSecret.optional(),
  PARSIMONY_ALLOWED_ADDRESSES: networksOrHosts.default([]),
  PARSIMONY_OIDC_ISSUER: issuerUrl.optional(),
  PARSIMONY_OIDC_AUDIENCE: text.optional(),
  PARSIMONY_OIDC_TENANT_CLAIM: text.default('parsimony_tenant'),
  PARSIMONY_OIDC_TEAM_CLAIM: text.default('parsimony_team'),
  PARSIMONY_OIDC_ROLE_CLAIM: text.default('parsimony_role'),
  PARSIMONY_OIDC_ROLES: roleNames.optional(),
};

const REST = {
  PARSIMONY_LOG_LEVEL: z.enum(['fatal', 'error', 'warn', 'info', 'debug', 'trace', 'silent']).default('info'),
  PARSIMONY_PLUGINS: list.default(['@parsimony/request-policy', '@parsimony/semantic-cache']),
  PARSIMONY_SIMULATOR_PORT: port.default(4010),
  // Names and meanings are OpenTelemetry's own (specification, "OpenTelemetry Environment Variable Specification").
  OTEL_EXPORTER_OTLP_ENDPOINT: httpUrl.optional(),
  OTEL_EXPORTER_OTLP_HEADERS: text.optional(),
  OTEL_SERVICE_NAME: text.default('parsimony'),
  OTEL_TRACES_SAMPLER_ARG: z.coerce.number('must be a share from 0 to 1').min(0).max(1).default(1),
  OTEL_METRIC_EXPORT_INTERVAL: wholeNumber(1_000, 3_600_000).default(60_000),
};

/** Every variable that a process of ours reads, save those of the simulator's own. */
export const environmentSchema = z.object({ ...SERVER, ...STORES, ...PROVIDERS, ...BUDGETS, ...SECURITY, ...REST });

/** The variables of a process, proved. */
export type Environment = z.infer<typeof environmentSchema>;
