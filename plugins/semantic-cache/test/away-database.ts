import { DatabaseUnavailable } from '@parsimony/contract';
import type { PluginDatabase } from '@parsimony/contract';

/** A database that cannot be reached, and how often that was tried. */
export class AwayDatabase implements PluginDatabase {
  attempts = 0;

  readonly query = (): Promise<never> => this.#fail();

  asTenant(): Promise<never> {
    return this.#fail();
  }

  listen(): Disposable {
    return { [Symbol.dispose]: () => undefined };
  }

  notify(): Promise<never> {
    return this.#fail();
  }

  #fail(): Promise<never> {
    this.attempts += 1;
    return Promise.reject(new DatabaseUnavailable('no connection'));
  }
}
