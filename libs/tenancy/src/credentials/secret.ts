import { inspect } from 'node:util';

const HIDDEN = '[secret]';

/** A secret that shows itself to nobody but who asks for it by name: not to logs, not to JSON. */
export class Secret {
  readonly #text: string;

  constructor(text: string) {
    this.#text = text;
  }

  reveal(): string {
    return this.#text;
  }

  toString(): string {
    return HIDDEN;
  }

  toJSON(): string {
    return HIDDEN;
  }

  [inspect.custom](): string {
    return HIDDEN;
  }
}
