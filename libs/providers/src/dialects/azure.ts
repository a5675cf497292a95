import type { ProviderSettings } from '../config/provider-config.js';
import { MODEL_PLACE, OPENAI_PATHS, type Dialect } from './dialect.js';

const { moderations: _, responses, ...OF_A_DEPLOYMENT } = OPENAI_PATHS;
const CLASSIC_VERSION = /^\d{4}-\d{2}-\d{2}/;

/**
 * Azure OpenAI. The v1 API names the deployment as the model; the classic one has it in the path and wants a dated version
 * (Azure OpenAI documentation, "API version lifecycle" and "REST API reference").
 */
export function azureDialect({ apiVersion, deployments }: ProviderSettings): Dialect {
  return {
    catalogue: 'azure',
    impliedSuffix: /\/openai(\/v1)?$/,
    keyHeader: 'api-key',
    headers: [],
    paths:
      apiVersion !== undefined && CLASSIC_VERSION.test(apiVersion) ? classicPaths(apiVersion) : v1Paths(apiVersion),
    body: { usageOption: true },
    reasoning: 'inside',
    ...(deployments && { modelNames: deployments }),
  };
}

function v1Paths(apiVersion: string | undefined): Dialect['paths'] {
  const query = apiVersion === undefined || apiVersion === 'v1' ? '' : `?api-version=${apiVersion}`;
  return mapPaths({ ...OF_A_DEPLOYMENT, responses }, (path) => `/openai/v1${path}${query}`);
}

function classicPaths(apiVersion: string): Dialect['paths'] {
  const query = `?api-version=${apiVersion}`;
  return {
    ...mapPaths(OF_A_DEPLOYMENT, (path) => `/openai/deployments/${MODEL_PLACE}${path}${query}`),
    responses: `/openai${responses}${query}`,
  };
}

function mapPaths(paths: Dialect['paths'], change: (path: string) => string): Dialect['paths'] {
  return Object.fromEntries(Object.entries(paths).map(([operation, path]) => [operation, change(path)]));
}
