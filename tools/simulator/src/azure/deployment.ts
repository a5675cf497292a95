import type { FastifyRequest } from 'fastify';
import type { Exchange } from '../exchange.js';
import { readString } from '../field.js';
import type { Provider } from '../provider.js';
import { deploymentNotFound, resourceNotFound } from './azure-error.js';

/**
 * The model behind the deployment in the path; what the body says is not looked at.
 *
 * @throws AzureError 404 where `api-version` is missing or there is no such deployment.
 */
export function modelOfPath(provider: Provider, exchange: Exchange, request: FastifyRequest): string {
  const { 'api-version': version } = request.query as Readonly<Record<string, unknown>>;
  if (typeof version !== 'string' || version === '') throw resourceNotFound();
  const { deployment = '' } = request.params as Readonly<Record<string, string | undefined>>;
  return modelOf(provider, exchange, deployment);
}

/**
 * The model behind the deployment that the body calls `model`.
 *
 * @throws AzureError 404 where there is no such deployment; InvalidField where the body names none.
 */
export function modelOfBody(provider: Provider, exchange: Exchange): string {
  return modelOf(provider, exchange, readString(exchange.body['model'], 'model'));
}

function modelOf(provider: Provider, { settings }: Exchange, deployment: string): string {
  const model = Object.hasOwn(settings.deployments, deployment) ? settings.deployments[deployment] : deployment;
  if (model === undefined || !provider.catalogue.find(model)) throw deploymentNotFound();
  return model;
}
