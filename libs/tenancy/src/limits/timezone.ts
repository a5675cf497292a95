import { InvalidRequest } from '@parsimony/contract';

/** What Intl takes beside names, `+03:00`, knows no daylight saving time. */
const NAME = /^[A-Za-z]/;
/** Intl knows others, `IST` or `PST`, by which several zones are meant; calendars do not. */
const ABBREVIATIONS = /^(?:CET|EET|EST|GMT|HST|MET|MST|PRC|ROC|ROK|UCT|UTC|WET)$/i;

/** Whether the IANA database has a time zone of this name, and it means one zone alone. */
export function isTimezone(name: string): boolean {
  return NAME.test(name) && (name.length !== 3 || ABBREVIATIONS.test(name)) && isKnown(name);
}

/** Proves a time zone's name, as the IANA database has it. @throws InvalidRequest */
export function parseTimezone(name: string): string {
  if (isTimezone(name)) return name;
  throw new InvalidRequest(`"${name}" is no time zone of the IANA database, such as "Europe/Moscow" or "UTC"`, {
    param: 'timezone',
  });
}

function isKnown(name: string): boolean {
  try {
    Intl.DateTimeFormat('en', { timeZone: name });
    return true;
  } catch (error) {
    if (error instanceof RangeError) return false;
    throw error;
  }
}
