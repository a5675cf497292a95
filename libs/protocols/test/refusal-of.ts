import { ParsimonyError } from '@parsimony/contract';

/** The class and the `param` of the error that something is refused with. */
export function refusalOf(act: () => unknown): { class: unknown; param: string | null } {
  try {
    act();
  } catch (error) {
    if (!(error instanceof ParsimonyError)) throw error;
    return { class: error.constructor, param: error.param };
  }
  throw new Error('nothing was refused');
}
