/** Tokens of an image in OpenAI's low resolution, and of a square of 1,024 pixels in its high one. */
const LOW_DETAIL_TOKENS = 85;
const HIGH_DETAIL_TOKENS = 765;

/** A flat count for sounds and files, which the simulator does not open. */
export const OTHER_MEDIA_TOKENS = 100;

/** Tokens of an image of any size, as OpenAI counts them. */
export function imageTokens(detail: unknown): number {
  return detail === 'low' ? LOW_DETAIL_TOKENS : HIGH_DETAIL_TOKENS;
}
