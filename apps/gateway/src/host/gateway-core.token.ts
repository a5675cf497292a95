/** Under which Nest hands out the gateway's core. */
export const GATEWAY_CORE = Symbol('gateway core');
