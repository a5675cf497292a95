/** FNV-1a, 32 bits, over UTF-16 code units: stable across processes and versions, which `Signature` relies on. */
export function hashOf(text: string, start = 0, end = text.length): number {
  let hash = 0x811c9dc5;
  for (let index = start; index < end; index += 1) {
    hash = Math.imul(hash ^ text.charCodeAt(index), 0x01000193);
  }
  return hash >>> 0;
}

/** One hash of an ordered pair of hashes. */
export function hashOfPair(first: number, second: number): number {
  return (Math.imul(first, 0x9e3779b1) ^ (second + 0x7f4a7c15)) >>> 0;
}
