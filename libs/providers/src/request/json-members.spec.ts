import { describe, expect, it } from 'vitest';
import { randomNumbers, randomObject } from '../../test/random-json.js';
import { joinMembers, jsonMembers } from './json-members.js';

function textsOf(json: string): Record<string, string> {
  return Object.fromEntries([...jsonMembers(Buffer.from(json))].map(([name, bytes]) => [name, bytes.toString('utf8')]));
}

describe('jsonMembers', () => {
  it('gives every member as it was written', () => {
    expect(textsOf('{"a":1,"b" : [1, {"c":"}"}] ,\n\t"d":\r\n"x,y:{" }')).toEqual({
      a: '"a":1',
      b: '"b" : [1, {"c":"}"}]',
      d: '"d":\r\n"x,y:{"',
    });
  });

  it.each(['{}', ' {} ', '{ \n\t\r }'])('finds nothing in %j', (json) => expect(textsOf(json)).toEqual({}));

  it('reads escapes in names: what is named is the name, not its spelling', () => {
    const json = String.raw`{"\u0061":1,"q\"":2,"b\\":3,"\\\"}":4,"\u043a\ud83d\ude00":5}`;
    expect(textsOf(json)).toEqual({
      a: String.raw`"\u0061":1`,
      'q"': String.raw`"q\"":2`,
      'b\\': String.raw`"b\\":3`,
      '\\"}': String.raw`"\\\"}":4`,
      'к😀': String.raw`"\u043a\ud83d\ude00":5`,
    });
  });

  it('takes the last of several members with one name, as JSON.parse does', () => {
    expect(textsOf('{"a":1,"b":2,"a":{"x":3}}')).toEqual({ a: '"a":{"x":3}', b: '"b":2' });
    expect(textsOf(String.raw`{"a":1,"\u0061":2}`)).toEqual({ a: String.raw`"\u0061":2` });
  });

  it('keeps numbers that JavaScript cannot hold, and __proto__', () => {
    expect(jsonMembers(Buffer.from('{"big":12345678901234567890123,"__proto__":0.10,"z":-0}'))).toEqual(
      new Map([
        ['big', Buffer.from('"big":12345678901234567890123')],
        ['__proto__', Buffer.from('"__proto__":0.10')],
        ['z', Buffer.from('"z":-0')],
      ]),
    );
  });

  it('steps over huge strings without looking at each byte', () => {
    const huge = `${'\\"'.repeat(1 << 20)}${'{'.repeat(1 << 22)}`;
    const began = performance.now();
    const members = jsonMembers(Buffer.from(`{"a":"${huge}","b":1}`));
    expect(members.get('b')?.toString()).toBe('"b":1');
    expect(members.get('a')?.length).toBe(huge.length + 6);
    expect(performance.now() - began).toBeLessThan(1000);
  });
});

describe('joinMembers', () => {
  it('writes an object', () => {
    expect(joinMembers([]).toString()).toBe('{}');
    expect(joinMembers([Buffer.from('"a":1'), Buffer.from('"b":2')]).toString()).toBe('{"a":1,"b":2}');
  });

  it('of all members of any object gives an equal object', () => {
    const random = randomNumbers(20261124);
    for (let round = 0; round < 2000; round++) {
      const object = randomObject(random, 4, Math.floor(random() * 8));
      const json = JSON.stringify(object, null, [undefined, 2, '\t'][round % 3]);
      const members = jsonMembers(Buffer.from(json));
      const again = joinMembers([...members.values()]).toString('utf8');
      expect(JSON.parse(again), `round ${round}: ${json}`).toEqual(JSON.parse(json));
      expect([...members.keys()].sort()).toEqual(Object.keys(object).sort());
    }
  });
});
