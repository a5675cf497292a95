import type { Call, CallContext, ModelTarget } from '@parsimony/contract';

/** To which models a key is limited. */
export interface ModelScope {
  allowsModel(model: string): boolean;
  /** @throws PermissionDenied */
  demandModel(model: string): void;
}

const SCOPE = Symbol('model scope');

/** A call that carries its key's limits. Copies made by spreading it carry them too, and no layer can name them. */
interface LimitedCall {
  [SCOPE]?: ModelScope;
}

/** Ties the limits of its key to a call, which must not have been handed out yet. */
export function limitModels(call: CallContext, scope: ModelScope): void {
  (call as LimitedCall)[SCOPE] = scope;
}

/** Whether the key of the call may use the model, wherever a layer sends it. */
export function mayUse(call: Call, { provider, model }: ModelTarget): boolean {
  return (call as LimitedCall)[SCOPE]?.allowsModel(`${provider}/${model}`) ?? true;
}

/** @throws PermissionDenied */
export function demandModel(call: Call, { provider, model }: ModelTarget): void {
  (call as LimitedCall)[SCOPE]?.demandModel(`${provider}/${model}`);
}
