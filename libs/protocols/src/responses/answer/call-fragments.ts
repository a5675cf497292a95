import type { CallWriter } from './call-writer.js';

/** A piece of a tool call, as a chunk of a chat brings it; texts that are absent are empty. */
export interface CallFragment {
  /** Which of the message's calls it belongs to; null where the provider does not say. */
  readonly index: number | null;
  readonly id: string;
  readonly name: string;
  readonly arguments: string;
}

/** A tool call of which at least a piece has come. It is written once its name is known. */
export interface CallDraft {
  id: string;
  name: string;
  waiting: string;
  writer?: CallWriter;
}

/** Finds out which call a fragment belongs to. */
export class CallFragments {
  readonly drafts: CallDraft[] = [];
  readonly #byIndex = new Map<number, CallDraft>();

  /**
   * Some providers (Gemini's chat endpoint) send several calls under index 0, each with its own id and name, and some
   * send no index: a name then begins a call.
   */
  draftOf(fragment: CallFragment): CallDraft {
    const known = this.#known(fragment);
    if (known !== undefined && !isAnother(known, fragment)) return known;
    const draft: CallDraft = { id: '', name: '', waiting: '' };
    this.drafts.push(draft);
    if (fragment.index !== null) this.#byIndex.set(fragment.index, draft);
    return draft;
  }

  #known(fragment: CallFragment): CallDraft | undefined {
    if (fragment.index !== null) return this.#byIndex.get(fragment.index);
    return fragment.name === '' ? this.drafts.at(-1) : undefined;
  }
}

function isAnother(known: CallDraft, fragment: CallFragment): boolean {
  return fragment.name !== '' && fragment.id !== '' && known.id !== '' && fragment.id !== known.id;
}
