import { TagRequired } from '@parsimony/contract';
import type { Call } from '@parsimony/contract';

/** Checks that a call bears its tags. It throws TagRequired for the first that is missing. */
export function requiredTags(required: readonly string[]): (call: Call) => void {
  return ({ tags }) => {
    for (const tag of required) {
      if (Object.hasOwn(tags, tag)) continue;
      throw new TagRequired(`the request policy requires the tag ${tag}`, { param: `tags.${tag}` });
    }
  };
}
