/**
 * The id of the one entry of a key: its first 122 bits as a UUID of version 8 (RFC 9562), so that writing the answer anew
 * replaces the old one wherever it is kept.
 *
 * @param key SHA-256, 32 bytes.
 */
export function idOfKey(key: Uint8Array): string {
  const hex = Buffer.from(key.buffer, key.byteOffset, 16).toString('hex');
  const variant = '89ab'.charAt(Number.parseInt(hex.charAt(16), 16) & 3);
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-8${hex.slice(13, 16)}-${variant}${hex.slice(17, 20)}-${hex.slice(20)}`;
}
