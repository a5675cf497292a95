import { Random } from '../generation/random.js';

/** What the simulator takes for a sign of each category; parts of words, in lower case. */
const SIGNS = {
  harassment: ['idiot', 'идиот'],
  'harassment/threatening': ['i will find you', 'я тебя найду'],
  hate: ['subhuman', 'недочеловек'],
  'hate/threatening': ['exterminate them', 'истребить их'],
  illicit: ['steal', 'украсть'],
  'illicit/violent': ['bomb', 'бомб'],
  'self-harm': ['suicide', 'самоубийств'],
  'self-harm/intent': ['hurt myself', 'навредить себе'],
  'self-harm/instructions': ['how to hurt myself', 'как навредить себе'],
  sexual: ['porn', 'порно'],
  'sexual/minors': ['lolita', 'лолит'],
  violence: ['kill', 'убить', 'убью'],
  'violence/graphic': ['gore', 'кишки'],
} as const;

/** Categories for which OpenAI looks at images too. */
const SEEN_IN_IMAGES = new Set<string>([
  'self-harm',
  'self-harm/intent',
  'self-harm/instructions',
  'sexual',
  'violence',
  'violence/graphic',
]);

/** One `results` entry of omni-moderation: a function of the text alone. Images are not looked at, and never flagged. */
export function moderationResult(text: string, hasImage: boolean): object {
  const lowered = text.toLowerCase();
  const verdicts = Object.entries(SIGNS).map(([category, signs]) => {
    const flagged = signs.some((sign) => lowered.includes(sign));
    const chance = new Random('moderation', category, text).next();
    return { category, flagged, score: flagged ? 0.8 + chance / 5 : chance / 1000 };
  });
  const appliedTo = (category: string): string[] => [
    ...(text === '' ? [] : ['text']),
    ...(hasImage && SEEN_IN_IMAGES.has(category) ? ['image'] : []),
  ];
  return {
    flagged: verdicts.some(({ flagged }) => flagged),
    categories: Object.fromEntries(verdicts.map(({ category, flagged }) => [category, flagged])),
    category_scores: Object.fromEntries(verdicts.map(({ category, score }) => [category, score])),
    category_applied_input_types: Object.fromEntries(verdicts.map(({ category }) => [category, appliedTo(category)])),
  };
}
