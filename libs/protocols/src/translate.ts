import { chatToMessages, messagesToChat } from './messages/index.js';
import { responsesToChat } from './responses/index.js';
import { composeTranslations } from './shared/compose-translations.js';
import type { Protocol, Translate } from './translation.js';

/** Every pair goes through chat completions, so that a further protocol needs two translators and not one for each other. */
const TO_CHAT: Readonly<Partial<Record<Protocol, Translate>>> = {
  messages: messagesToChat,
  responses: responsesToChat,
};
const FROM_CHAT: Readonly<Partial<Record<Protocol, Translate>>> = { messages: chatToMessages };

const TRANSLATIONS: ReadonlyMap<string, Translate> = new Map(everyPair());

function* everyPair(): Generator<[string, Translate]> {
  for (const [from, toChat] of Object.entries(TO_CHAT)) yield [key(from, 'chat.completions'), toChat];
  for (const [to, fromChat] of Object.entries(FROM_CHAT)) {
    yield [key('chat.completions', to), fromChat];
    for (const [from, toChat] of Object.entries(TO_CHAT)) {
      if (from !== to) yield [key(from, to), composeTranslations(toChat, fromChat)];
    }
  }
}

function key(from: string, to: string): string {
  return `${from}>${to}`;
}

/**
 * The translation of calls that speak `from` for a provider that speaks `to`.
 *
 * @returns nothing where the protocols are the same, and where no translation is known: no provider speaks only Responses.
 */
export function translate(from: Protocol, to: Protocol): Translate | undefined {
  return TRANSLATIONS.get(key(from, to));
}
