import { InternalError } from '@parsimony/contract';
import type { CallerRef, PurgeRequest } from '@parsimony/contract';
import type { IdempotencyStore, Principal } from '@parsimony/tenancy';
import type { FastifyRequest } from 'fastify';
import type { CallRunner, TenantRuntime } from '../calls/call-runner.js';
import type { ModelScope } from '../calls/model-scope.js';
import type { PurgeReport } from './cache/purge-caches.js';
import type { OfferedModel } from './model-list.js';

/** A caller who may make calls, and what the gateway keeps for its tenant. */
export interface AdmittedCaller {
  readonly principal: Principal;
  readonly caller: CallerRef;
  readonly runtime: TenantRuntime;
  /** To which models the key is limited; null: to none. */
  readonly scope: ModelScope | null;
}

export interface EdgeOptions {
  readonly runner: CallRunner;
  readonly idempotency: IdempotencyStore;
  /** @throws InvalidApiKey, PermissionDenied */
  readonly admit: (request: FastifyRequest) => AdmittedCaller;
  readonly offeredModels: (tenantId: string) => readonly OfferedModel[];
  /** @throws PermissionDenied, CacheNotEnabled, DatabaseUnavailable, VectorsUnavailable */
  readonly purge: (request: FastifyRequest, wish: PurgeRequest) => Promise<PurgeReport>;
  readonly bodyLimit: number;
  /** Whether other origins' pages may call: their header lines must then be carried over. */
  readonly crossOrigin: boolean;
  readonly onFault: (error: unknown) => void;
}

declare module 'fastify' {
  interface FastifyRequest {
    admitted: AdmittedCaller | null;
  }
}

/** @throws InternalError where the hook that admits callers did not run. */
export function admittedOf({ admitted }: FastifyRequest): AdmittedCaller {
  if (!admitted) throw new InternalError('the caller was not admitted');
  return admitted;
}
