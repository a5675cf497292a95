import type { JsonObject } from '@parsimony/contract';
import type { StreamTranslation, Translate } from '../translation.js';

/**
 * Two translations in a row: the caller's protocol to a third one, and that to the provider's. What the second refuses
 * is named as the third protocol names it.
 */
export function composeTranslations(outer: Translate, inner: Translate): Translate {
  return (body, options) => {
    const toHub = outer(body, options);
    const toProvider = inner(toHub.request, options);
    return {
      request: toProvider.request,
      answer: (answered) => toHub.answer(toProvider.answer(answered)),
      stream: () => composeStreams(toHub.stream(), toProvider.stream()),
    };
  };
}

function composeStreams(outer: StreamTranslation, inner: StreamTranslation): StreamTranslation {
  const pass = (events: readonly JsonObject[]): readonly JsonObject[] => events.flatMap((event) => outer.push(event));
  return {
    push: (event) => pass(inner.push(event)),
    finish: () => [...pass(inner.finish()), ...outer.finish()],
  };
}
