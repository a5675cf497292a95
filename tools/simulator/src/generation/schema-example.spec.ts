import fastify from 'fastify';
import { describe, expect, it } from 'vitest';
import { Random } from './random.js';
import { exampleOfSchema } from './schema-example.js';

/** Fastify's validator judges the examples: it shares nothing with the code that makes them. */
async function isValid(schema: object, value: unknown): Promise<boolean> {
  const app = fastify({ ajv: { customOptions: { coerceTypes: false, removeAdditional: false, useDefaults: false } } });
  app.post(
    '/',
    { schema: { body: { type: 'object', properties: { value: schema }, required: ['value'] } } },
    () => 'valid',
  );
  const response = await app.inject({ method: 'POST', url: '/', payload: { value } });
  await app.close();
  return response.statusCode === 200;
}

const SCHEMAS: Record<string, object> = {
  scalars: {
    type: 'object',
    properties: {
      text: { type: 'string', minLength: 30, maxLength: 33 },
      short: { type: 'string', maxLength: 1 },
      whole: { type: 'integer', minimum: -8, exclusiveMaximum: -5 },
      even: { type: 'integer', minimum: 11, multipleOf: 2 },
      fraction: { type: 'number', exclusiveMinimum: 0, maximum: 0.75 },
      flag: { type: 'boolean' },
      nothing: { type: 'null' },
      fixed: { const: { a: [1] } },
      chosen: { enum: ['red', 7, null] },
    },
    required: ['text', 'short', 'whole', 'even', 'fraction', 'flag', 'nothing', 'fixed', 'chosen'],
    additionalProperties: false,
  },
  formats: {
    type: 'object',
    properties: Object.fromEntries(
      ['date', 'date-time', 'time', 'duration', 'email', 'hostname', 'ipv4', 'ipv6', 'uri', 'uuid'].map((format) => [
        format,
        { type: 'string', format },
      ]),
    ),
  },
  arrays: {
    type: 'object',
    properties: {
      few: { type: 'array', items: { type: 'integer' }, maxItems: 1 },
      many: { type: 'array', items: { type: 'array', items: { type: 'boolean' }, minItems: 2 }, minItems: 4 },
      none: { type: 'array', items: { type: 'string' }, maxItems: 0 },
    },
  },
  alternatives: {
    anyOf: [{ type: 'null' }, { type: 'object', properties: { a: { type: ['integer', 'null'] } }, required: ['a'] }],
  },
  conjunction: {
    allOf: [
      { type: 'object', properties: { a: { type: 'string' } }, required: ['a'] },
      { type: 'object', properties: { b: { type: 'integer' } }, required: ['b'] },
    ],
  },
};

describe('an example of a schema', () => {
  it.each(Object.keys(SCHEMAS))('fits it: %s', async (name) => {
    const schema = SCHEMAS[name] ?? {};
    for (let seed = 0; seed < 20; seed += 1) {
      const example = exampleOfSchema(schema, new Random('spec', seed));
      expect(await isValid(schema, example), JSON.stringify(example)).toBe(true);
    }
  });

  it('ends where a schema refers to itself', () => {
    const schema = {
      $ref: '#/$defs/node',
      $defs: {
        node: {
          type: 'object',
          properties: {
            value: { type: 'integer' },
            next: { anyOf: [{ $ref: '#/$defs/node' }, { type: 'null' }] },
            children: { type: 'array', items: { $ref: '#/$defs/node' } },
          },
          required: ['value', 'next', 'children'],
          additionalProperties: false,
        },
      },
    };
    interface Node {
      value: number;
      next: Node | null;
      children: Node[];
    }
    const check = (node: Node): void => {
      expect(Number.isInteger(node.value)).toBe(true);
      if (node.next) check(node.next);
      node.children.forEach(check);
    };
    check(exampleOfSchema(schema, new Random('spec')) as Node);
  });

  it('ends where no value can fit', () => {
    const endless = { type: 'object', properties: { a: { $ref: '#' }, b: { $ref: '#' } }, required: ['a', 'b'] };
    const begin = performance.now();
    expect(JSON.stringify(exampleOfSchema(endless, new Random('spec'))).length).toBeLessThan(1_000_000);
    expect(performance.now() - begin).toBeLessThan(500);
  });
});
