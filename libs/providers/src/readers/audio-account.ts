import type { JsonObject, Usage } from '@parsimony/contract';
import { speechUsage, transcriptionUsage } from '../usage/audio-usage.js';
import type { EventAccount } from './event-account.js';
import { streamError } from './stream-error.js';

/** OpenAI's end marks, then Mistral's. */
const ENDS = ['speech.audio.done', 'transcript.text.done', 'transcription.done'];
const MARKS = [...ENDS, 'error'].map((type) => Buffer.from(`"${type}"`));

/** The events of speech and of transcriptions (OpenAI API reference, "Audio"; Mistral API reference, "Audio transcriptions"). */
export class AudioAccount implements EventAccount {
  readonly marks = MARKS;
  usage: Usage | null = null;

  constructor(private readonly provider: string) {}

  see(event: JsonObject): boolean {
    const { type } = event;
    if (type === 'error') throw streamError(this.provider, event);
    if (typeof type !== 'string' || !ENDS.includes(type)) return false;
    this.usage = type === 'speech.audio.done' ? speechUsage(event['usage']) : transcriptionUsage(event);
    return true;
  }
}
