/** Reads an option's text. @throws Error that names the option. */
export function wholeNumber(name: string, text: string, least = 1): number {
  const number = Number(text);
  if (!Number.isSafeInteger(number) || number < least)
    throw new Error(`--${name}: expected a whole number of at least ${least}, but got '${text}'`);
  return number;
}
