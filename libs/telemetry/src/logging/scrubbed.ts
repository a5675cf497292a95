/** Texts by which a secret is known wherever it stands: an API key, a bearer token, a password or a key in a URL. */
const SECRETS: readonly (readonly [RegExp, string])[] = [
  [/\b(?:sk|pk|psk|xai|gsk|AIza|ghp|eyJ)[-_]?[\w-]{12,}(?:\.[\w-]+)*/g, '[masked]'],
  [/\b(bearer|basic)\s+[\w.~+/=-]{6,}/gi, '$1 [masked]'],
  [/(:\/\/)[^\s/@]+@/g, '$1[masked]@'],
  [/([?&](?:[\w-]*key|[\w-]*token|password|secret|signature|sig)=)[^&\s"']+/gi, '$1[masked]'],
];

/** What others' errors quote is what they could not read: mostly a part of what a caller sent. Names are shorter. */
const QUOTED = /"[^"]{33,}"?|'[^']{33,}'?|`[^`]{33,}`?|«[^»]{33,}»?|“[^”]{33,}”?/gu;
const LONGEST_TEXT = 500;

/** A text for the log without secrets, without long quotations, and bounded. */
export function scrubbed(text: string): string {
  // Cut first: the patterns must not run over a megabyte of somebody's prompt.
  const cut = text.length > LONGEST_TEXT ? `${text.slice(0, LONGEST_TEXT)}…` : text;
  return SECRETS.reduce((left, [pattern, mask]) => left.replace(pattern, mask), cut.replace(QUOTED, '"…"'));
}
