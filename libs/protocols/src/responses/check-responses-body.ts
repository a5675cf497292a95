import { UnsupportedParameter } from '@parsimony/contract';
import type { JsonObject } from '@parsimony/contract';

/**
 * What the gateway itself refuses of a request to the Responses API, whichever provider it goes to.
 *
 * @throws UnsupportedParameter for `background`: its usage is known only after the provider has answered, so that the
 *   call could not be accounted for.
 */
export function checkResponsesBody(body: JsonObject): void {
  if (body['background'] !== true) return;
  throw new UnsupportedParameter('background: a call that outlives its answer cannot be accounted for', {
    param: 'background',
  });
}
