import { closeSync } from 'node:fs';
import { writeAll } from './write-all.js';

/** A log in the making: what is kept, then what was appended to the old one in the meantime. */
export class LogRewrite {
  readonly descriptor: number;
  readonly #followers: Uint8Array[] = [];
  readonly #ended: () => void;
  #size = 0;

  constructor(descriptor: number, ended: () => void) {
    this.descriptor = descriptor;
    this.#ended = ended;
  }

  get size(): number {
    return this.#size;
  }

  /** @throws Error of the file system */
  write(records: Uint8Array): void {
    writeAll(this.descriptor, records);
    this.#size += records.length;
  }

  follow(records: Uint8Array): void {
    this.#followers.push(records);
  }

  /** @throws Error of the file system */
  catchUp(): void {
    for (const records of this.#followers.splice(0)) this.write(records);
  }

  abandon(): void {
    closeSync(this.descriptor);
    this.#ended();
  }
}
