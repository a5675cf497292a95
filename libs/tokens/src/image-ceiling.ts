/**
 * The most tokens that one image can cost, by OpenAI's guide to images and vision.
 *
 * Models that read tiles: after scaling at most 8 tiles of 512 pixels. Models that read patches: at most 10,000 patches
 * of 32 pixels (`detail: original`) times the model's multiplier, at most 2.46.
 */
const TILE_MODELS = /^(?:gpt-4o|chatgpt-4o|gpt-4\.1|gpt-4\.5|gpt-4-turbo|gpt-4-vision)(?!.*(?:mini|nano))/;
const TILES_OF_GPT_4O = 85 + 8 * 170;
const PATCH_MODELS = /^(?:gpt-4\.1|gpt-[5-9]|o[1-9])/;
const PATCHES = Math.ceil(10_000 * 2.46);
/** gpt-4o-mini: the dearest of all, hence the ceiling of what is not known. */
const TILES_OF_GPT_4O_MINI = 2833 + 8 * 5667;

/** @returns tokens: 1,445 for gpt-4o and its like, 24,600 for newer OpenAI models, 48,169 for every other one. */
export function imageCeiling(model: string): number {
  const name = model.slice(model.lastIndexOf('/') + 1);
  if (TILE_MODELS.test(name)) return TILES_OF_GPT_4O;
  return PATCH_MODELS.test(name) ? PATCHES : TILES_OF_GPT_4O_MINI;
}
