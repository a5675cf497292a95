import type { Random } from '../generation/random.js';

/** What a spoken text may come as, and how HTTP calls it. */
export const SOUND_TYPES = {
  mp3: 'audio/mpeg',
  opus: 'audio/opus',
  aac: 'audio/aac',
  flac: 'audio/flac',
  wav: 'audio/wav',
  pcm: 'audio/pcm',
} as const;

export type SoundFormat = keyof typeof SOUND_TYPES;

/** OpenAI's pcm: 24 kHz, 16 bits, one channel, little-endian. */
const SAMPLE_RATE = 24_000;
const BYTES_PER_SECOND = SAMPLE_RATE * 2;

/** A silent frame of MPEG-1 layer III, 128 kbit/s at 44.1 kHz: 1,152 samples in 417 bytes. */
const MP3_FRAME = Buffer.concat([Buffer.from([0xff, 0xfb, 0x90, 0x64]), Buffer.alloc(413)]);
const MP3_FRAME_SECONDS = 1152 / 44_100;

/** How the other formats begin; the simulator writes no more of them than would be taken for one. */
const SIGNATURES = { opus: 'OggS', aac: '\u00ff\u00f1', flac: 'fLaC' } as const;
const COMPRESSED_BYTES_PER_SECOND = 4000;

/**
 * A sound of so many seconds: a tone where it is wav or pcm, silent frames where it is mp3, otherwise the format's
 * signature and zeros. The pitch is a function of the random stream.
 */
export function soundOf(seconds: number, format: SoundFormat, random: Random): Buffer {
  switch (format) {
    case 'pcm':
      return tone(seconds, random);
    case 'wav': {
      const samples = tone(seconds, random);
      return Buffer.concat([waveHeader(samples.length), samples]);
    }
    case 'mp3':
      return Buffer.concat(Array.from({ length: Math.ceil(seconds / MP3_FRAME_SECONDS) }, () => MP3_FRAME));
    default:
      return Buffer.concat([
        Buffer.from(SIGNATURES[format], 'latin1'),
        Buffer.alloc(Math.ceil(seconds * COMPRESSED_BYTES_PER_SECOND)),
      ]);
  }
}

function tone(seconds: number, random: Random): Buffer {
  const period = random.integer(60, 240);
  const samples = Buffer.alloc(Math.ceil(seconds * SAMPLE_RATE) * 2);
  for (let index = 0; index * 2 < samples.length; index += 1)
    samples.writeInt16LE(Math.round(8000 * Math.sin((2 * Math.PI * index) / period)), index * 2);
  return samples;
}

/** The 44 bytes before the samples of a WAVE file (Multimedia Programming Interface and Data Specifications 1.0). */
function waveHeader(dataBytes: number): Buffer {
  const header = Buffer.alloc(44);
  header.write('RIFF', 0, 'latin1');
  header.writeUInt32LE(36 + dataBytes, 4);
  header.write('WAVEfmt ', 8, 'latin1');
  header.writeUInt32LE(16, 16);
  header.writeUInt16LE(1, 20);
  header.writeUInt16LE(1, 22);
  header.writeUInt32LE(SAMPLE_RATE, 24);
  header.writeUInt32LE(BYTES_PER_SECOND, 28);
  header.writeUInt16LE(2, 32);
  header.writeUInt16LE(16, 34);
  header.write('data', 36, 'latin1');
  header.writeUInt32LE(dataBytes, 40);
  return header;
}
