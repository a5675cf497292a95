import type { JsonObject } from './json.js';

/** Something a layer decided about a call, for people to read in the call's record. */
export interface Decision {
  readonly plugin: string;
  readonly summary: string;
  readonly detail: JsonObject;
}
