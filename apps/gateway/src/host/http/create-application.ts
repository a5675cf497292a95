import cors from '@fastify/cors';
import { NestFactory } from '@nestjs/core';
import { FastifyAdapter, type NestFastifyApplication } from '@nestjs/platform-fastify';
import { purgeByCaller } from '../../edge/cache/purge-by-caller.js';
import { registerV1Edge } from '../../edge/v1-edge.js';
import { admit } from '../../edge/admission.js';
import type { GatewayCore } from '../gateway-core.js';
import { GatewayModule } from '../gateway.module.js';
import { offeredModels } from '../offered-models.js';
import { CONNECTION_LIMITS, type HttpOptions } from './http-options.js';
import { addSecurityHeaders } from './security-headers.js';
import { readTls } from './tls-files.js';

const BODY_LIMIT = 20 << 20;
/** Methods and header lines that a page of another origin may use. */
const CROSS_ORIGIN_HEADERS = ['authorization', 'content-type', 'idempotency-key', 'x-api-key', 'anthropic-version'];

/** Nest's application and, beside it, the routes of `/v1`; it does not listen yet. */
export async function createApplication(core: GatewayCore, options: HttpOptions): Promise<NestFastifyApplication> {
  const { bodyLimit = BODY_LIMIT, corsOrigins = [], trustedProxies = [] } = options;
  const limits = { ...CONNECTION_LIMITS, ...options.limits };
  const timings = { headersTimeout: limits.headersMs, connectionsCheckingInterval: limits.headersMs / 4 };
  const adapter = new FastifyAdapter({
    bodyLimit,
    keepAliveTimeout: limits.idleMs,
    requestTimeout: limits.requestMs,
    forceCloseConnections: 'idle',
    trustProxy: trustedProxies.length > 0 ? [...trustedProxies] : false,
    logger: false,
    ...(options.tls
      ? { https: { ...timings, ...(await readTls(options.tls)), minVersion: 'TLSv1.2' } }
      : { http: timings }),
  });
  const fastify = adapter.getInstance();
  addSecurityHeaders(fastify, options.tls !== undefined);
  if (corsOrigins.length > 0) {
    await fastify.register(cors, {
      origin: [...corsOrigins],
      methods: ['GET', 'POST', 'PUT', 'DELETE'],
      allowedHeaders: [...CROSS_ORIGIN_HEADERS, ...PARSIMONY_HEADERS],
      exposedHeaders: [...EXPOSED_HEADERS],
      maxAge: 600,
    });
  }
  registerV1Edge(fastify, {
    runner: core.runner,
    idempotency: core.idempotency,
    admit: (request) => admit(core, request),
    offeredModels: (tenantId) => offeredModels(core, tenantId),
    purge: (request, wish) => purgeByCaller(core, request, wish),
    bodyLimit,
    crossOrigin: corsOrigins.length > 0,
    onFault: (error) => core.logger.error({ error }, 'a request met a defect'),
  });
  const app = await NestFactory.create<NestFastifyApplication>(GatewayModule.around(core), adapter, {
    logger: ['error', 'warn'],
  });
  return app.init();
}

const EXPOSED_HEADERS = [
  'retry-after',
  'x-request-id',
  'x-parsimony-request-id',
  'x-parsimony-cache',
  'x-parsimony-cost-usd',
  'x-parsimony-saved-usd',
  'x-parsimony-model',
  'x-parsimony-max-tokens',
];
const PARSIMONY_HEADERS = ['x-parsimony-tags', 'x-parsimony-cache', 'x-parsimony-tier', 'x-parsimony-deadline'];
