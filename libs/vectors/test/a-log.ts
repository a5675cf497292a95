import type { PluginLog } from '@parsimony/contract';

/** A log that keeps its messages. */
export function aLog(): PluginLog & { readonly messages: string[] } {
  const messages: string[] = [];
  const note = (message: string, fields: object = {}): void => {
    messages.push(`${message} ${JSON.stringify(fields)}`);
  };
  return { messages, info: note, warn: note, error: note };
}
