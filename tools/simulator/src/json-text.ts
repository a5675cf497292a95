import { InvalidField } from './field.js';

/**
 * The JSON text of a part of a request.
 *
 * @throws InvalidField where it is nested more deeply than the stack reaches.
 */
export function jsonText(value: unknown, path: string): string {
  if (value === undefined) return '';
  try {
    return JSON.stringify(value);
  } catch {
    throw new InvalidField(path, 'is nested too deeply');
  }
}
