import { ProviderError } from '@parsimony/contract';
import { errorBody, readProviderError, type Protocol } from '@parsimony/protocols';

/** A provider's error in the protocol of a caller who speaks another one: its words, its status, the caller's shape. */
export function callersError(protocol: Protocol, requestId: string, error: ProviderError): ProviderError {
  const { message, code, type, param } = readProviderError(error.wire);
  const body = errorBody(protocol, {
    status: error.status,
    message: message || error.message,
    code,
    type: type ?? error.type,
    param,
    requestId,
  });
  const headers = { ...error.headers, 'content-type': 'application/json' };
  return new ProviderError(error.message, error.status, Buffer.from(JSON.stringify(body)), headers);
}
