import { UnsupportedParameter } from '@parsimony/contract';
import type { Call, ModelTarget, Operation } from '@parsimony/contract';
import type { Pool } from 'undici';
import type { ProviderKind } from '../config/provider-config.js';
import type { Credential } from '../credentials/credential.js';
import { MODEL_PLACE, type Dialect } from '../dialects/dialect.js';
import type { ProviderAdapter, ProviderExchange } from '../provider-adapter.js';
import { nativeReader } from '../readers/native-reader.js';
import { translatedReader } from '../readers/translated-reader.js';
import { usageReaders, type UsageReaders } from '../readers/usage-readers.js';
import { formBody } from '../request/form-body.js';
import { jsonBody } from '../request/json-body.js';
import { callersError } from './callers-error.js';
import type { ExchangeParties } from './exchange-parties.js';
import { HttpExchange } from './http-exchange.js';
import { routesOf, type Routes, type RouteTranslation } from './routes.js';

export interface HttpProviderOptions {
  readonly name: string;
  readonly kind: ProviderKind;
  readonly dialect: Dialect;
  /** The path of the base URL, without a slash at its end. */
  readonly basePath: string;
  readonly credential: Credential;
  readonly trusted: boolean;
  /** @throws AddressNotAllowed; called at the first call, so that a provider that nobody uses opens nothing. */
  readonly openPool: () => Pool;
}

interface Request {
  readonly path: string;
  readonly exchange: HttpExchange;
  readonly body: Buffer;
  readonly contentType: string;
  readonly betas: readonly string[] | undefined;
}

const JSON_TYPE = 'application/json';

/** Any provider that is spoken to over HTTP: what is its own stands in its dialect. */
export class HttpProvider implements ProviderAdapter {
  readonly name: string;
  readonly kind: ProviderKind;
  readonly catalogue: string;
  readonly #routes: Routes;
  readonly #usage: UsageReaders;
  readonly #parties: ExchangeParties;
  #pool: Pool | undefined;
  #lines: readonly string[] | undefined;
  /** Of a JSON request with the credential `#lines`: every call's but for few. */
  #jsonHeaders: string[] = [];

  constructor(private readonly options: HttpProviderOptions) {
    const { name, kind, dialect, basePath, trusted } = options;
    this.name = name;
    this.kind = kind;
    this.catalogue = dialect.catalogue ?? name;
    this.#routes = routesOf(dialect, basePath);
    this.#usage = usageReaders(dialect.reasoning);
    this.#parties = { provider: name, credentialOf: trusted ? "the gateway's" : "the tenant's own" };
  }

  supports(operation: Operation): boolean {
    return this.#routes[operation] !== undefined;
  }

  send(call: Call, target: ModelTarget): ProviderExchange {
    const route = this.#routes[call.operation];
    if (!route) throw new UnsupportedParameter(`${this.name} does not offer ${call.operation}`, { param: 'model' });
    this.#pool ??= this.options.openPool();
    const model = this.#modelAt(target.model);
    const path = route.namesModel ? route.path.replace(MODEL_PLACE, () => encodeURIComponent(model)) : route.path;
    const request = route.translation
      ? this.#translated(call, path, route.translation, model)
      : this.#native(call, path, model);
    const { credential } = this.options;
    const lines = credential.headers();
    if (lines) this.#dispatch(this.#pool, request, lines);
    else this.#dispatchLater(this.#pool, request, credential.obtain());
    return request.exchange;
  }

  #dispatch(pool: Pool, request: Request, lines: readonly string[]): void {
    const { path, body, exchange } = request;
    pool.dispatch({ method: 'POST', path, headers: this.#headers(lines, request), body }, exchange);
  }

  /** A caller who left meanwhile is no matter: the exchange sends nothing once it is aborted. */
  #dispatchLater(pool: Pool, request: Request, credential: Promise<readonly string[]>): void {
    credential.then(
      (lines) => this.#dispatch(pool, request, lines),
      (error: unknown) => request.exchange.fail(error as Error),
    );
  }

  #native(call: Call, path: string, model: string): Request {
    const { name, options } = this;
    const exchange = new HttpExchange(this.#parties, (type) => nativeReader(name, this.#usage, call, type));
    const betas = call.operation === 'messages' ? call.betas : undefined;
    if (call.operation === 'audio.transcriptions' || call.operation === 'audio.translations')
      return {
        path,
        exchange,
        body: formBody(call, model),
        contentType: call.received.contentType ?? JSON_TYPE,
        betas,
      };
    return { path, exchange, body: jsonBody(call, model, options.dialect.body), contentType: JSON_TYPE, betas };
  }

  #translated(call: Call, path: string, { from, to, translate }: RouteTranslation, model: string): Request {
    const translation = translate(call.body, { model, now: Date.now(), callId: call.id });
    const { stream } = call;
    const answer = { provider: this.name, spoken: to, stream, translation, usage: this.#usage };
    const exchange = new HttpExchange(
      this.#parties,
      (type) => translatedReader(answer, type),
      (error) => callersError(from, call.id, error),
    );
    const source = { operation: to, stream, body: translation.request };
    const body = jsonBody(source, model, this.options.dialect.body);
    return { path, exchange, body, contentType: JSON_TYPE, betas: undefined };
  }

  #headers(lines: readonly string[], { contentType, betas }: Request): string[] {
    if (lines !== this.#lines) {
      this.#lines = lines;
      this.#jsonHeaders = ['content-type', JSON_TYPE, ...this.options.dialect.headers, ...lines];
    }
    if (contentType !== JSON_TYPE) return ['content-type', contentType, ...this.#jsonHeaders.slice(2)];
    return betas && betas.length > 0 ? [...this.#jsonHeaders, 'anthropic-beta', betas.join(',')] : this.#jsonHeaders;
  }

  #modelAt(model: string): string {
    const names = this.options.dialect.modelNames;
    return names && Object.hasOwn(names, model) ? (names[model] ?? model) : model;
  }
}
