const DATA = Buffer.from('data:');
const LINE_FEED = 0x0a;
const SPACE = 0x20;
const OPEN_BRACE = 0x7b;
/** Comments, blank lines and fields other than `data`, which some servers send to keep a connection alive. */
const ONLY_OTHER_LINES = /^(?:(?:(?::|event:|id:|retry:)[^\n]*|\r?)\n)*$/;

/** The longest single event. */
export const EVENT_LIMIT = 8 << 20;

/** Cheap test, no parse: what comes as an event's data is an object. An error page with status 200 must not reach the caller. */
export function beginWithObject(events: Buffer): boolean {
  let at = events.indexOf(DATA);
  while (at > 0 && events[at - 1] !== LINE_FEED) at = events.indexOf(DATA, at + 1);
  if (at === -1) return ONLY_OTHER_LINES.test(events.toString('latin1'));
  at += DATA.length;
  while (events[at] === SPACE) at++;
  return events[at] === OPEN_BRACE;
}
