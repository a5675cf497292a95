import type { AnswerReader } from '../http/answer-reader.js';
import type { ProviderEvent } from '../provider-adapter.js';

/** Passes sound on as it comes. It has no usage: speech that comes as bytes is priced by what was to be spoken. */
export class SoundReader implements AnswerReader {
  constructor(readonly contentType: string) {}

  read(chunk: Buffer, emit: (event: ProviderEvent) => void): void {
    emit({ type: 'delta', chunks: [], wire: chunk });
  }

  finish(emit: (event: ProviderEvent) => void): void {
    emit({ type: 'finish', usage: null });
  }
}
