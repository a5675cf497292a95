/** The words of one language's questions, and how they stand together. */
interface Grammar {
  /** One of each list stands in a question, in this order. */
  readonly words: readonly (readonly string[])[];
  readonly question: (verb: string, thing: string, place: string, time: string) => string;
  /** What can stand before a question and changes nothing. */
  readonly frames: readonly string[];
}

const ENGLISH: Grammar = {
  words: [
    ['cancel', 'renew', 'change', 'find', 'print', 'export', 'share', 'move', 'return', 'insure'],
    ['ticket', 'contract', 'invoice', 'parcel', 'password', 'photo', 'calendar', 'licence', 'warranty', 'lease'],
    ['Paris', 'Omsk', 'Lima', 'Oslo', 'Cairo', 'Seoul', 'Quito', 'Riga', 'Perth', 'Delhi'],
    ['before a holiday', 'after a delay', 'during a strike', 'at the weekend', 'on a phone', 'without a printer'],
  ],
  question: (verb, thing, place, time) => `How do I ${verb} the ${thing} from ${place} ${time}?`,
  frames: ['Please tell me:', 'Hello!', 'Quick question:', 'I would like to know:', 'Sorry to ask, but'],
};

const RUSSIAN: Grammar = {
  words: [
    ['отменить', 'продлить', 'изменить', 'найти', 'напечатать', 'выгрузить', 'передать', 'вернуть'],
    ['билет', 'договор', 'счёт', 'пароль', 'снимок', 'календарь', 'полис', 'пропуск'],
    ['Париже', 'Омске', 'Лиме', 'Осло', 'Каире', 'Сеуле', 'Кито', 'Риге', 'Перте', 'Дели'],
    ['перед праздником', 'после задержки', 'в выходные', 'с телефона', 'без принтера'],
  ],
  question: (verb, thing, place, time) => `Как ${verb} ${thing} в ${place} ${time}?`,
  frames: ['Подскажите, пожалуйста:', 'Здравствуйте!', 'Быстрый вопрос:', 'Хотелось бы знать:', 'Простите за вопрос:'],
};

/** Of neighbouring indices most words differ: without it the first questions would differ in their verb alone. */
const STRIDE = 1_237;

/** How many ways there are to ask one question: plainly, and in each frame. */
export const WORDINGS = ENGLISH.frames.length + 1;

/** One way to ask an English question. @param way 0 for the plain question, below WORDINGS for the others. */
export function englishQuestion(index: number, way = 0): string {
  return wording(ENGLISH, index, way);
}

/** All ways to ask one question, the plain one first; every other index is Russian. */
export function sameQuestion(index: number): string[] {
  const grammar = index % 2 === 0 ? ENGLISH : RUSSIAN;
  return Array.from({ length: WORDINGS }, (_, way) => wording(grammar, index >> 1, way));
}

function wording(grammar: Grammar, index: number, way: number): string {
  const plain = plainQuestion(grammar, index);
  return way === 0 ? plain : `${grammar.frames[way - 1] ?? ''} ${plain}`;
}

/** A question that no other index has: where the words are used up, a number tells it from the others. */
function plainQuestion({ words, question }: Grammar, index: number): string {
  const combinations = words.reduce((product, list) => product * list.length, 1);
  let rest = ((index % combinations) * STRIDE) % combinations;
  const [verb = '', thing = '', place = '', time = ''] = words.map((list) => {
    const word = list[rest % list.length] ?? '';
    rest = Math.floor(rest / list.length);
    return word;
  });
  const number = Math.floor(index / combinations);
  return question(verb, number === 0 ? thing : `${thing} ${number + 1}`, place, time);
}
