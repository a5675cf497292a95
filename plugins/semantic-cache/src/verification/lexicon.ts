/**
 * Small lists of words, written for this project, that change what a question asks for. English and Russian stand side
 * by side. A word that is missing costs a little accuracy; it never makes the verifier fail.
 */

const words = (list: string): readonly string[] => list.trim().split(/\s+/u);

/** Words that carry grammar and little else: they do not count as content. */
export const STOP_WORDS: ReadonlySet<string> = new Set(
  words(`
    a an the is are was were be been being am do does did doing done have has had having will would shall should can
    could may might must to of in on at by for from with about into over under as and or but if so than then that this
    these those there here it its i me my mine we us our you your he him his she her they them their one some any all
    just also very really please there's it's i'm i've i'd who's what's how's what which who whom whose when where why
    how get got getting make makes
    и в во на с со к ко у о об от до из за по под над при для же ли бы б а но или то это этот эта эти тот та те так там
    тут здесь я мне меня мной мой моя мое мои мы нам нас наш наша ты тебе тебя твой вы вам вас ваш ваша он она оно они
    его ее их ему ей им есть быть был была было были будет буду пожалуйста что чтобы как какой какая какое какие кто где
    когда почему зачем сколько ещё еще уже очень просто
  `),
);

/** Words that turn a statement round. English contractions arrive as `don't`, `won't` and are seen by their ending. */
export const NEGATIONS: ReadonlySet<string> = new Set(
  words(`
    not no never none nobody nothing neither nor without cannot cant dont doesnt didnt isnt arent wasnt wont wouldnt
    shouldnt couldnt except unless non
    не нет ни никогда никто ничего нельзя без кроме невозможно никак
  `),
);

/** What a question asks for. The first word that is listed decides. Order matters nowhere else. */
export const QUESTION_KINDS: ReadonlyMap<string, number> = new Map(
  [
    'what which какой какая какое какие каков что',
    'who whom whose кто кого кому чей',
    'when когда',
    'where где куда откуда',
    'why почему зачем отчего',
    'how как каким',
    'many much сколько',
    'can could may можно могу могут можем',
    'is are was were am ли разве является',
    'do does did have has',
    'should must shall следует должен должна должны нужно надо',
    'will would будет',
  ].flatMap((line, kind) => words(line).map((word) => [word, kind + 1] as const)),
);

/** Numbers that people write as words. */
export const NUMBER_WORDS: ReadonlyMap<string, string> = new Map(
  [
    '0 zero ноль',
    '2 two twice two-factor два две двух дважды',
    '3 three three-fold третий три трех трёх third',
    '4 four четыре четырех четвертый fourth',
    '5 five пять пяти пятый fifth',
    '6 six шесть шести sixth',
    '7 seven семь семи seventh',
    '8 eight восемь восьми eighth',
    '9 nine девять девяти ninth',
    '10 ten десять десяти tenth',
    '11 eleven одиннадцать',
    '12 twelve двенадцать',
    '15 fifteen пятнадцать',
    '20 twenty двадцать',
    '30 thirty тридцать',
    '50 fifty пятьдесят',
    '100 hundred сто',
    '1000 thousand тысяча тысячи тысяч',
    '1000000 million миллион миллиона миллионов',
  ].flatMap((line) => {
    const [value = '', ...names] = words(line);
    return names.map((name) => [name, value] as const);
  }),
);

/** Pairs of opposites: one side in a question, the other in its neighbour, and the answers differ. */
const OPPOSITES = `
  enable|enables|enabled|enabling|activate|activated|activating/disable|disables|disabled|disabling|deactivate|deactivated
  on/off
  open|opens|opened|opening/close|closes|closed|closing
  start|starts|started|begin|beginning/stop|stops|stopped|end|ending
  add|adds|added|adding/remove|removes|removed|removing|delete|deletes|deleted|deleting
  increase|increases|increased|increasing|raise|gain|gaining/decrease|decreases|decreased|decreasing|reduce|reduces|lower|lose|losing
  buy|buying|purchase/sell|selling
  before/after
  above/below
  more|most/less|least|fewer
  best|better|good|great/worst|worse|bad
  first|earliest/last|latest
  high|higher|highest/low|lowest
  big|large|larger|largest|bigger/small|smaller|smallest
  long|longer/short|shorter
  old|older|oldest/young|younger|youngest
  new|newest|newer/old|oldest
  hot|hotter|warm/cold|colder|cool
  fast|faster|quick/slow|slower
  win|winning|won/lose|losing|lost
  man|men|male|boy|boys|guys|husband|boyfriend/woman|women|female|girl|girls|wife|girlfriend
  father|dad|son/mother|mom|daughter
  import|imports|importing/export|exports|exporting
  upload|uploading/download|downloading
  login|signin/logout|signout
  lock|locked/unlock|unlocked
  install|installing|installed/uninstall|uninstalling
  allow|allowed|permit/forbid|forbidden|block|blocked|deny|ban|banned
  accept|accepted/reject|rejected|decline|declined
  send|sending|sent/receive|receiving|received
  give|giving/take|taking
  lend|lending/borrow|borrowing
  income/expense|expenses
  debit/credit
  advantage|advantages|pros|benefits|benefit/disadvantage|disadvantages|cons|drawbacks
  minimum|min/maximum|max
  left/right
  up/down
  inside|internal|indoor/outside|external|outdoor
  north|northern/south|southern
  east|eastern/west|western
  day|daytime/night|nighttime
  morning/evening
  positive/negative
  true/false
  legal/illegal
  possible/impossible
  correct|right/incorrect|wrong
  public/private
  success|succeed|successful/failure|fail|failed
  love|loves|like|likes/hate|hates|dislike
  rich|richer|richest/poor|poorer|poorest
  easy|easier|easiest|simple/hard|harder|hardest|difficult
  show|shows|visible/hide|hides|hidden
  encrypt|encryption/decrypt|decryption
  fiction/nonfiction
  learn|learning|student|students/teach|teaching|teacher|teachers
  question|questions|ask|asking/answer|answers|answering
  cause|causes/effect|effects
  past/future
  today/tomorrow|yesterday
  включить|включи|включите|включается|включение|активировать/выключить|выключи|выключите|выключается|выключение|отключить|отключи|отключите|отключение|деактивировать
  открыть|открой|откройте|открывается|открытие/закрыть|закрой|закройте|закрывается|закрытие
  начать|начало|начинается|запустить/закончить|конец|заканчивается|остановить|завершить
  добавить|добавь|добавьте|добавление/удалить|удали|удалите|удаление|убрать
  увеличить|увеличение|повысить|повышение|вырос|выросли|выросла|рост|растет/уменьшить|уменьшение|понизить|снизить|снижение|упал|упали|упала|падение|падает
  купить|купил|купила|купит|покупка/продать|продал|продала|продаст|продажа
  до/после
  больше|более/меньше|менее
  лучший|лучшая|лучшие|лучше|хороший|хорошо/худший|худшая|худшие|хуже|плохой|плохо
  первый|первая|первое/последний|последняя|последнее
  высокий|высокая|высокое|выше/низкий|низкая|низкое|ниже
  большой|большая|крупный/маленький|маленькая|мелкий
  новый|новая|новое|новые/старый|старая|старое|старые
  горячий|горячая|тёплый|теплый/холодный|холодная
  быстро|быстрый|быстрее/медленно|медленный|медленнее
  выиграть|выиграл|победа|победил|победили/проиграть|проиграл|поражение|проиграли
  мужчина|мужчины|мужской|мальчик/женщина|женщины|женский|девочка|девушка
  отец|папа|сын/мать|мама|дочь
  импорт|импортировать|ввоз/экспорт|экспортировать|вывоз
  загрузить|загрузка/скачать|выгрузить|выгрузка
  войти|вход/выйти|выход
  заблокировать|блокировка|запретить|запрет|запретил|запретили/разблокировать|разблокировка|разрешить|разрешение|разрешил|разрешили
  установить|установка/удалить|снять
  принять|принял|приняли/отклонить|отклонил|отклонили|отказать
  отправить|отправка|послать/получить|получение|принять
  доход|доходы|прибыль/расход|расходы|убыток|убытки
  дебетовая|дебет/кредитная|кредит
  преимущества|плюсы|достоинства/недостатки|минусы
  минимум|минимальный/максимум|максимальный
  левый|левая|слева|налево/правый|правая|справа|направо
  вверх|сверху/вниз|снизу
  внутри|внутренний/снаружи|внешний
  день|днем/ночь|ночью
  утро|утром/вечер|вечером
  север|северный/юг|южный
  восток|восточный/запад|западный
  светлая|светлый|светлую/темная|тёмная|темный|тёмный|темную|тёмную
  light|lighter/dark|darker
  можно|возможно/нельзя|невозможно
  правда|верно|правильно/ложь|неверно|неправильно
  публичный|открытый/частный|приватный|закрытый
  показать|показывать/скрыть|скрывать
  подключить|подключение|connect|connecting/отключить|отключение|disconnect|disconnecting
  вчера/завтра|сегодня
  назначить|назначен|назначили/уволить|уволен|уволили|отставка
`;

/** For a word, the codes of the sides on which it stands: 2 × pair for the left, 2 × pair + 1 for the right. */
export const OPPOSITE_SIDES: ReadonlyMap<string, readonly number[]> = (() => {
  const sides = new Map<string, number[]>();
  for (const [pair, line] of words(OPPOSITES).entries()) {
    for (const [side, list] of line.split('/').entries()) {
      for (const word of list.split('|')) {
        sides.set(word, [...(sides.get(word) ?? []), 2 * pair + side]);
      }
    }
  }
  return sides;
})();

/** Words that ask for the same thing in a question; the first of a line stands for all. */
export const SYNONYMS: ReadonlyMap<string, string> = new Map(
  `
  best top greatest good nice better
  way ways method methods tip tips trick tricks technique techniques
  difference differences different differ
  mean means meaning definition define
  begin start starting started
  buy purchase buying
  learn study learning studying
  quick quickly fast faster
  movie movies film films
  phone mobile smartphone cellphone
  money cash
  job jobs career work
  company companies firm
  big large huge
  important importance
  become becoming
  earn earning
  improve improving increase enhance
  remove delete erase
  fix repair solve solved
  book books
  weight fat
  happen happens happened
  kind type kinds types sort
  cost price costs prices
  picture photo image pictures photos images
  website site websites sites
  laptop laptops
  people person persons someone anyone
  think opinion thoughts opinions
  reason reasons cause
  india indian indians
  us usa america american
  способ способы метод методы
  лучший лучшие лучшая хороший
  стоить стоит цена стоимость
  купить приобрести
  удалить убрать
  фильм фильмы кино
  разница отличие различие отличается
  `
    .trim()
    .split('\n')
    .flatMap((line) => {
      const [first = '', ...others] = words(line);
      return others.map((other) => [other, first] as const);
    }),
);
