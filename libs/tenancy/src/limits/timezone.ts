import { InvalidRequest } from '@parsimony/contract';

/** What Intl takes beside names, `+03:00`, knows no daylight saving time. */
const NAME = /^[A-Za-z]/;
/** Intl knows others, `IST` or `PST`, by which several zones are meant; calendars do not. */
const ABBREVIATIONS = /^(?:CET|EET|EST|GMT|HST|MET|MST|PRC|ROC|ROK|UCT|UTC|WET)$/i;

/** Proves a time zone's name, as the IANA database has it. @throws InvalidRequest */
export function parseTimezone(name: string): string {
  if (NAME.test(name) && (name.length !== 3 || ABBREVIATIONS.test(name)) && isKnown(name)) return name;
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
