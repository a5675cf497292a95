import { InvalidRequest, UnsupportedParameter } from '@parsimony/contract';

/** Where a value stands in a body, as errors name it: `messages[2].content[0].type`. The body itself is `''`. */
export type Path = string;

export function fieldPath(path: Path, name: string): Path {
  return path === '' ? name : `${path}.${name}`;
}

/** A value that is refused, as the message shows it: short, however long it is. */
export function quoted(value: string): string {
  return JSON.stringify(value.length > 80 ? `${value.slice(0, 80)}…` : value);
}

/** What the other protocol has no place for. */
export function unsupported(param: Path, reason: string): UnsupportedParameter {
  return new UnsupportedParameter(`${param}: ${reason}`, { param });
}

/** What is wrong in the protocol that the caller speaks. */
export function invalid(param: Path, expected: string): InvalidRequest {
  return new InvalidRequest(param === '' ? expected : `${param}: ${expected}`, param === '' ? {} : { param });
}
