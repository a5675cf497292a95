import { writeSync } from 'node:fs';

/** Writes all bytes: a nearly full disk takes a part of them without an error. @throws Error of the file system */
export function writeAll(descriptor: number, bytes: Uint8Array): void {
  for (let written = 0; written < bytes.length;) written += writeSync(descriptor, bytes, written);
}
