import { expect, it } from 'vitest';
import { namePattern } from './name-pattern.js';

it.each<[string, string, boolean]>([
  ['get_time', 'get_time', true],
  ['get_time', 'get_time_zone', false],
  ['weather.*', 'weather.now', true],
  ['weather.*', 'weather', false],
  ['*', '', true],
  ['a*b*c', 'a-b-b-c', true],
  ['a*b*c', 'a-c-b', false],
  ['aa*aa', 'aaa', false],
  ['*погода*', 'узнать_погода_завтра', true],
])('%s against %s: %s', (pattern, name, fits) => expect(namePattern(pattern)(name)).toBe(fits));
