import { plainModel, type Model } from './model.js';
import { FREE } from './price.js';

/** OpenAI's models that speak or listen: by the character, by the second, or by the token. */
export const AUDIO_MODELS: readonly Model[] = [
  plainModel('tts-1', 'speech', { ...FREE, characters: 15_000_000n }),
  plainModel('tts-1-hd', 'speech', { ...FREE, characters: 30_000_000n }),
  plainModel('gpt-4o-mini-tts', 'speech', {
    input: 600_000n,
    cachedInput: 600_000n,
    output: 0n,
    outputAudio: 12_000_000n,
  }),
  // 0.006 dollars a minute.
  plainModel('whisper-1', 'transcription', { ...FREE, seconds: 100_000_000n }),
  transcription('gpt-4o-transcribe', 2_500_000n, 6_000_000n, 10_000_000n),
  transcription('gpt-4o-mini-transcribe', 1_250_000n, 3_000_000n, 5_000_000n),
];

function transcription(name: string, input: bigint, inputAudio: bigint, output: bigint): Model {
  return plainModel(name, 'transcription', { input, cachedInput: input, inputAudio, output });
}
