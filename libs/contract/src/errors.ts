import { ParsimonyError } from './parsimony-error.js';

/** The API key is missing, unknown, revoked or expired. */
export class InvalidApiKey extends ParsimonyError {
  readonly code = 'invalid_api_key';
  readonly status = 401;
  readonly type = 'invalid_request_error';
}

/** The sign-in token is not valid here, or has expired. */
export class InvalidToken extends ParsimonyError {
  readonly code = 'invalid_token';
  readonly status = 401;
  readonly type = 'invalid_request_error';
}

/** The key is good, but its role or scope does not allow this. */
export class PermissionDenied extends ParsimonyError {
  readonly code = 'permission_denied';
  readonly status = 403;
  readonly type = 'permission_error';
}

/** The body is not JSON, or nested too deeply to be a request. */
export class InvalidJson extends ParsimonyError {
  readonly code = 'invalid_json';
  readonly status = 400;
  readonly type = 'invalid_request_error';
}

/** A field is missing, unknown or of the wrong type; `param` names it. */
export class InvalidRequest extends ParsimonyError {
  readonly code = 'invalid_request';
  readonly status = 400;
  readonly type = 'invalid_request_error';
}

/** The body is larger than the gateway takes. */
export class RequestTooLarge extends ParsimonyError {
  readonly code = 'request_too_large';
  readonly status = 413;
  readonly type = 'invalid_request_error';
}

/** The body is not `application/json`, or is encoded in a way the gateway does not read. */
export class UnsupportedMediaType extends ParsimonyError {
  readonly code = 'unsupported_media_type';
  readonly status = 415;
  readonly type = 'invalid_request_error';
}

/** The provider that the call goes to, or its protocol, cannot do what this field asks; `param` names it. */
export class UnsupportedParameter extends ParsimonyError {
  readonly code = 'unsupported_parameter';
  readonly status = 400;
  readonly type = 'invalid_request_error';
}

/** This idempotency key came before with another request. */
export class IdempotencyKeyReused extends ParsimonyError {
  readonly code = 'idempotency_key_reused';
  readonly status = 422;
  readonly type = 'invalid_request_error';
}

/** The first request with this idempotency key is not answered yet. */
export class IdempotencyInProgress extends ParsimonyError {
  readonly code = 'idempotency_in_progress';
  readonly status = 409;
  readonly type = 'invalid_request_error';
}

/** There is no such address, or not for this method. */
export class RouteNotFound extends ParsimonyError {
  readonly code = 'route_not_found';
  readonly status = 404;
  readonly type = 'invalid_request_error';
}

/** No provider offers a model of this name. */
export class ModelNotFound extends ParsimonyError {
  readonly code = 'model_not_found';
  readonly status = 404;
  readonly type = 'invalid_request_error';
}

/** The tenant's request policy does not allow this model. */
export class ModelNotAllowed extends ParsimonyError {
  readonly code = 'model_not_allowed';
  readonly status = 403;
  readonly type = 'invalid_request_error';
}

/** The call asks for more output tokens than the tenant's request policy allows. */
export class MaxTokensExceeded extends ParsimonyError {
  readonly code = 'max_tokens_exceeded';
  readonly status = 400;
  readonly type = 'invalid_request_error';
}

/** The tenant's request policy requires a tag that the call does not bear. */
export class TagRequired extends ParsimonyError {
  readonly code = 'tag_required';
  readonly status = 400;
  readonly type = 'invalid_request_error';
}

/** The worst case of the call does not fit what is left in a budget above it. */
export class BudgetExceeded extends ParsimonyError {
  readonly code = 'budget_exceeded';
  readonly status = 402;
  readonly type = 'insufficient_quota';
}

/** More requests or tokens in a minute, or calls at once, than the key, its team or its tenant may make. */
export class RateLimitExceeded extends ParsimonyError {
  readonly code = 'rate_limit_exceeded';
  readonly status = 429;
  readonly type = 'rate_limit_error';
}

/** A budget above the call can neither be asked nor is enough of it lent to this gateway. */
export class BudgetsUnavailable extends ParsimonyError {
  readonly code = 'budgets_unavailable';
  readonly status = 503;
  readonly type = 'server_error';
}

/** There is no such tenant, team, key or call, or the key may not see it. */
export class ResourceNotFound extends ParsimonyError {
  readonly code = 'resource_not_found';
  readonly status = 404;
  readonly type = 'invalid_request_error';
}

/** Another of that kind already bears this name. */
export class NameTaken extends ParsimonyError {
  readonly code = 'name_taken';
  readonly status = 409;
  readonly type = 'invalid_request_error';
}

/** Somebody else changed the document since the revision you read; read it again and repeat your change. */
export class RevisionConflict extends ParsimonyError {
  readonly code = 'revision_conflict';
  readonly status = 409;
  readonly type = 'invalid_request_error';
}

/** The tenant document does not fit its schema; `param` is the path to the field. */
export class InvalidDocument extends ParsimonyError {
  readonly code = 'invalid_document';
  readonly status = 422;
  readonly type = 'invalid_request_error';
}

/** The tenant document names a plugin that this deployment does not load. */
export class PluginNotLoaded extends ParsimonyError {
  readonly code = 'plugin_not_loaded';
  readonly status = 422;
  readonly type = 'invalid_request_error';
}

/** The URL leads to an address that tenants may not make the gateway reach. */
export class AddressNotAllowed extends ParsimonyError {
  readonly code = 'address_not_allowed';
  readonly status = 422;
  readonly type = 'invalid_request_error';
}

/** Credentials cannot be sealed or opened: the master key is not set, or is another one. */
export class MasterKeyUnavailable extends ParsimonyError {
  readonly code = 'master_key_unavailable';
  readonly status = 503;
  readonly type = 'server_error';
}

/** The tenant has no cache switched on: its document lists no plugin that keeps results. */
export class CacheNotEnabled extends ParsimonyError {
  readonly code = 'cache_not_enabled';
  readonly status = 404;
  readonly type = 'invalid_request_error';
}

/** A plugin broke or overran its own time, and may not be bypassed. */
export class PluginFailed extends ParsimonyError {
  readonly code = 'plugin_failed';
  readonly status = 500;
  readonly type = 'server_error';
}

/** The GraphQL document is deeper, costlier or has more aliases than allowed. */
export class QueryTooComplex extends ParsimonyError {
  readonly code = 'query_too_complex';
  readonly status = 400;
  readonly type = 'invalid_request_error';
}

/** The caller left before the answer was there. */
export class CallCancelled extends ParsimonyError {
  readonly code = 'call_cancelled';
  readonly status = 499;
  readonly type = 'invalid_request_error';
}

/** The answer was not whole by the moment until which the caller, or the tenant, waits. */
export class DeadlineExceeded extends ParsimonyError {
  readonly code = 'deadline_exceeded';
  readonly status = 504;
  readonly type = 'server_error';
}

/** The provider does not accept the credential: the gateway's, which an operator must mend, or the tenant's own. */
export class ProviderRefused extends ParsimonyError {
  readonly code = 'provider_refused';
  readonly status = 502;
  readonly type = 'upstream_error';
}

/** No connection to the provider, or it closed before it answered. */
export class ProviderUnreachable extends ParsimonyError {
  readonly code = 'provider_unreachable';
  readonly status = 502;
  readonly type = 'upstream_error';
}

/** The provider did not answer, or fell silent in the middle of an answer, for longer than the gateway waits. */
export class ProviderTimeout extends ParsimonyError {
  readonly code = 'provider_timeout';
  readonly status = 504;
  readonly type = 'upstream_error';
}

/** The provider sent something that is not an answer. */
export class ProviderInvalidAnswer extends ParsimonyError {
  readonly code = 'provider_invalid_answer';
  readonly status = 502;
  readonly type = 'upstream_error';
}

/** The provider's stream ended before its end. */
export class ProviderStreamCut extends ParsimonyError {
  readonly code = 'provider_stream_cut';
  readonly status = 502;
  readonly type = 'upstream_error';
}

/** As many calls as the gateway lets run at once are under way at the provider. */
export class ProviderBusy extends ParsimonyError {
  readonly code = 'provider_busy';
  readonly status = 503;
  readonly type = 'upstream_error';
}

/** The provider failed so often of late that the gateway leaves it alone for a while. */
export class ProviderUnavailable extends ParsimonyError {
  readonly code = 'provider_unavailable';
  readonly status = 503;
  readonly type = 'upstream_error';
}

/** The journal cannot be written (a full disk, for one), so that the call could not be accounted for. */
export class JournalUnavailable extends ParsimonyError {
  readonly code = 'journal_unavailable';
  readonly status = 503;
  readonly type = 'server_error';
}

/** The vector store cannot be asked; calls go on without the semantic cache. */
export class VectorsUnavailable extends ParsimonyError {
  readonly code = 'vectors_unavailable';
  readonly status = 503;
  readonly type = 'server_error';
}

/** A text cannot be turned into a vector; calls go on without the semantic cache. */
export class EmbedderUnavailable extends ParsimonyError {
  readonly code = 'embedder_unavailable';
  readonly status = 503;
  readonly type = 'server_error';
}

/** The database is away; calls go on, administration has to wait. */
export class DatabaseUnavailable extends ParsimonyError {
  readonly code = 'database_unavailable';
  readonly status = 503;
  readonly type = 'server_error';
}

/** The gateway is stopping; try another one. */
export class ShuttingDown extends ParsimonyError {
  readonly code = 'shutting_down';
  readonly status = 503;
  readonly type = 'server_error';
}

/** A defect of the gateway. */
export class InternalError extends ParsimonyError {
  readonly code = 'internal_error';
  readonly status = 500;
  readonly type = 'server_error';
}

/** The provider answered with an error of its own: its status and its bytes go to the caller as they are. */
export class ProviderError extends ParsimonyError {
  readonly code = 'provider_error';
  readonly type = 'upstream_error';

  constructor(
    message: string,
    readonly status: number,
    readonly wire: Uint8Array,
    headers: Readonly<Record<string, string>>,
  ) {
    super(message, { headers });
  }
}

/** Every class that bears a code, in the order of docs/errors.md. */
export const ERROR_CLASSES = [
  InvalidApiKey,
  InvalidToken,
  PermissionDenied,
  InvalidJson,
  InvalidRequest,
  RequestTooLarge,
  UnsupportedMediaType,
  UnsupportedParameter,
  IdempotencyKeyReused,
  IdempotencyInProgress,
  RouteNotFound,
  ModelNotFound,
  ModelNotAllowed,
  MaxTokensExceeded,
  TagRequired,
  BudgetExceeded,
  RateLimitExceeded,
  ResourceNotFound,
  NameTaken,
  RevisionConflict,
  InvalidDocument,
  PluginNotLoaded,
  AddressNotAllowed,
  MasterKeyUnavailable,
  CacheNotEnabled,
  PluginFailed,
  QueryTooComplex,
  CallCancelled,
  DeadlineExceeded,
  ProviderRefused,
  ProviderUnreachable,
  ProviderTimeout,
  ProviderInvalidAnswer,
  ProviderStreamCut,
  ProviderBusy,
  ProviderUnavailable,
  JournalUnavailable,
  BudgetsUnavailable,
  VectorsUnavailable,
  EmbedderUnavailable,
  DatabaseUnavailable,
  ShuttingDown,
  InternalError,
] as const;
