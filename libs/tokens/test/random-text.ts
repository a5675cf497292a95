/** A repeatable source of numbers in [0, 1): mulberry32. */
export function randomNumbers(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

const ALPHABETS = [
  'abcdefghijklmnopqrstuvwxyz ',
  'абвгдеёжзийклмнопрстуфхцчшщъыьэюяАБВ ,.-',
  '0123456789 .,:/',
  ' \n\t\r',
  '<|endoftext|>{}[]"\\\'’s!?#$%',
  '漢字仮名交じり文。、一二三 ',
  '가나다라마바사 ',
  'กขคงจฉชซ ฌญ',
  'éèêëçñüöäß\u0301\u0308',
];

/** A text of mixed scripts, sometimes with emoji, any code unit, or lone surrogates. */
export function randomText(random: () => number, units: number): string {
  let text = '';
  while (text.length < units) {
    const kind = Math.floor(random() * (ALPHABETS.length + 3));
    const alphabet = ALPHABETS[kind];
    const length = Math.ceil(random() * 30);
    for (let index = 0; index < length; index++) {
      if (alphabet) text += alphabet[Math.floor(random() * alphabet.length)] ?? '';
      else if (kind === ALPHABETS.length) text += String.fromCodePoint(0x1f300 + Math.floor(random() * 0x300));
      else if (kind === ALPHABETS.length + 1) text += String.fromCharCode(Math.floor(random() * 0x10000));
      else text += String.fromCharCode(0xd800 + Math.floor(random() * 0x800));
    }
  }
  return text.slice(0, units);
}
