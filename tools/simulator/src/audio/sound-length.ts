/** Bytes a second of what is not WAVE: 128 kbit/s. */
const COMPRESSED_BYTES_PER_SECOND = 16_000;

/** Length of a recording in seconds: from the header where it is WAVE, otherwise from its size. */
export function soundLength(bytes: Buffer): number {
  return waveLength(bytes) ?? bytes.length / COMPRESSED_BYTES_PER_SECOND;
}

/** null where it is not WAVE, or lacks a part. */
function waveLength(bytes: Buffer): number | null {
  if (bytes.toString('latin1', 0, 4) !== 'RIFF' || bytes.toString('latin1', 8, 12) !== 'WAVE') return null;
  let bytesPerSecond = 0;
  for (let offset = 12; offset + 8 <= bytes.length;) {
    const name = bytes.toString('latin1', offset, offset + 4);
    const size = bytes.readUInt32LE(offset + 4);
    const body = offset + 8;
    if (name === 'fmt ' && body + 12 <= bytes.length) bytesPerSecond = bytes.readUInt32LE(body + 8);
    // Who writes while recording does not know the size, and says the largest.
    if (name === 'data') return bytesPerSecond > 0 ? Math.min(size, bytes.length - body) / bytesPerSecond : null;
    // Chunks are padded to an even length.
    offset = body + size + (size % 2);
  }
  return null;
}
