import { buildSchema, parse } from 'graphql';
import { expect, test } from 'vitest';
import { isCompilable } from './compilable.js';

const SCHEMA = buildSchema(`
  input Plain { name: String, inner: Plain }
  input Defaulted { role: String! = "MEMBER" }
  input Wrapping { inner: [Defaulted!], self: Wrapping }
  type Query { plain(input: Plain, first: Int = 50): Int, wrapping(input: Wrapping): Int }
`);

test.each([
  ['without variables', '{ plain }', {}, true],
  ['with every variable sent', 'query ($n: Int, $p: Plain) { plain(first: $n, input: $p) }', { n: 1, p: {} }, true],
  ['with a default that is not used', 'query ($n: Int = 3) { plain(first: $n) }', { n: 1 }, true],
  ['with a default that is used', 'query ($n: Int = 3) { plain(first: $n) }', {}, false],
  ['with a variable that was not sent', 'query ($n: Int) { plain(first: $n) }', {}, false],
  ['with an input whose fields have defaults', 'query ($w: [Wrapping!]) { wrapping(input: $w) }', { w: [] }, false],
  ['with two operations', 'query A { plain } query B { plain }', {}, false],
])('a document %s', (_what, text, variables, compilable) => {
  expect(isCompilable(SCHEMA, parse(text), variables)).toBe(compilable);
});
