/**
 * What a text is written in, as far as its letters and small words tell: an ISO 15924 script such as `Cyrl`, or an ISO
 * 639 language that is told from the others of its script, such as `fr` or `uk`.
 */
export type Language = string;

/** English, and what looks like it. */
export const ENGLISH_LIKE: Language = 'Latn';

const SCRIPTS = [
  ['Cyrl', /\p{Script=Cyrillic}/gu],
  ['Grek', /\p{Script=Greek}/gu],
  ['Arab', /\p{Script=Arabic}/gu],
  ['Hebr', /\p{Script=Hebrew}/gu],
  ['Deva', /\p{Script=Devanagari}/gu],
  ['Beng', /\p{Script=Bengali}/gu],
  ['Taml', /\p{Script=Tamil}/gu],
  ['Thai', /\p{Script=Thai}/gu],
  ['Geor', /\p{Script=Georgian}/gu],
  ['Armn', /\p{Script=Armenian}/gu],
  ['Jpan', /[\p{Script=Hiragana}\p{Script=Katakana}]/gu],
  ['Kore', /\p{Script=Hangul}/gu],
  ['Hani', /\p{Script=Han}/gu],
] as const;

/** Names and terms stand in Latin letters inside of texts of all scripts, so that a smaller share decides for the other. */
const FOREIGN_SHARE = 0.2;

/**
 * Small words of Latin-script languages that English does not have. English itself has no list: a question without small
 * words, as people type them into search boxes, must not part from its own paraphrase that has some.
 */
const SMALL_WORDS: Readonly<Record<string, ReadonlySet<string>>> = {
  de: wordsOf('der die das und ist nicht ein eine ich wie wo wer warum den dem mit für auf von zu kann mein sie'),
  fr: wordsOf('le la les et est un une je comment où pourquoi des du que qui dans pour avec mon ma ne pas quel quelle'),
  es: wordsOf('el la los las y es un una yo cómo dónde por qué que del de para con mi no cuál en puedo está'),
  pt: wordsOf('o os as e é um uma eu como onde por que do da para com meu minha não qual em posso está'),
  it: wordsOf('il lo la gli e è un una io come dove perché di del che per con mio mia non quale in posso'),
  nl: wordsOf('de het een en ik hoe waar waarom wat niet van voor met mijn kan zijn op te'),
  pl: wordsOf('i w na z jest nie jak gdzie czy co dlaczego do się mój moja dla mogę ile'),
  tr: wordsOf('ve bir bu ne nasıl nerede neden mi mı mu için ile değil var yok ben benim hangi'),
};

/** So many small words of another language, and more than twice as many as English ones, make a text foreign. */
const FOREIGN_WORDS = 2;
const ENGLISH = wordsOf('the a an is are of to in on my i do does how what where why can not and for with who which');

/**
 * Tells apart what must not answer each other: the answer's language follows the question's. Where it is not sure it says
 * the script's commonest language, `Latn` (English) or `Cyrl` (Russian), and leaves the rest to the evidence.
 */
export function languageOf(text: string): Language {
  const latin = count(text, /\p{Script=Latin}/gu);
  let language = ENGLISH_LIKE;
  let most = Math.max(1, latin * FOREIGN_SHARE);
  for (const [script, letters] of SCRIPTS) {
    const found = count(text, letters);
    // Japanese is written with Han characters too; a few kana among many of them decide.
    const weight = script === 'Jpan' ? found * 4 : found;
    if (weight >= most) [language, most] = [script, weight];
  }
  if (language === ENGLISH_LIKE) return latin === 0 ? 'Zyyy' : latinLanguageOf(text);
  return language === 'Cyrl' && /[іїєґ]/iu.test(text) ? 'uk' : language;
}

function latinLanguageOf(text: string): Language {
  const words = text.toLowerCase().match(/\p{L}+/gu) ?? [];
  const english = words.filter((word) => ENGLISH.has(word)).length;
  let language = ENGLISH_LIKE;
  let most = Math.max(FOREIGN_WORDS, 2 * english + 1) - 1;
  for (const [name, small] of Object.entries(SMALL_WORDS)) {
    const found = words.filter((word) => small.has(word)).length;
    if (found > most) [language, most] = [name, found];
  }
  return language;
}

function wordsOf(list: string): ReadonlySet<string> {
  return new Set(list.split(' '));
}

function count(text: string, letters: RegExp): number {
  return text.match(letters)?.length ?? 0;
}
