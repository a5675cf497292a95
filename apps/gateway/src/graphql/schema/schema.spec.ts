import { readFile } from 'node:fs/promises';
import {
  astFromValue,
  buildClientSchema,
  buildSchema,
  getIntrospectionQuery,
  isEnumType,
  isInputObjectType,
  isObjectType,
  isSpecifiedScalarType,
  print,
} from 'graphql';
import type { GraphQLArgument, GraphQLInputField, GraphQLNamedType, GraphQLSchema, IntrospectionQuery } from 'graphql';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { GraphqlGateway } from '../../../test/graphql-gateway.js';

let gateway: GraphqlGateway;
let served: GraphQLSchema;
let promised: GraphQLSchema;

beforeAll(async () => {
  gateway = await GraphqlGateway.start();
  const introspected = await gateway.ask<IntrospectionQuery>(gateway.operator, getIntrospectionQuery());
  served = buildClientSchema(introspected.data);
  promised = buildSchema(await readFile(new URL('covered-contract.graphql', import.meta.url), 'utf8'));
});

afterAll(() => gateway[Symbol.asyncDispose]());

test('serves every promised type, field, argument and value, with its nullability and default', () => {
  const types = Object.values(promised.getTypeMap()).filter(
    (type) => !type.name.startsWith('__') && !isSpecifiedScalarType(type),
  );
  expect(types.length).toBe(47);
  for (const type of types) {
    const there = served.getType(type.name);
    expect(there, type.name).toBeDefined();
    const missing = lines(type).filter((line) => !lines(there!).includes(line));
    expect(missing, type.name).toEqual([]);
  }
});

test('asks for nothing that was not promised', () => {
  for (const type of Object.values(promised.getTypeMap()).filter(isInputObjectType)) {
    const there = served.getType(type.name);
    const more = lines(there!).filter((line) => !lines(type).includes(line));
    expect(
      more.filter((line) => / [^=]*!$/.test(line)),
      type.name,
    ).toEqual([]);
  }
});

test('shows its schema to valid keys only', async () => {
  const refused = await gateway.ask(null, getIntrospectionQuery());
  expect(refused.status).toBe(401);
  expect(refused.errors[0]?.extensions.code).toBe('invalid_api_key');
});

/** What a type promises, a line for each thing. */
function lines(type: GraphQLNamedType): string[] {
  if (isEnumType(type)) return type.getValues().map(({ name }) => name);
  if (isInputObjectType(type)) return Object.values(type.getFields()).map(inputLine);
  if (!isObjectType(type)) return [type.toString()];
  return Object.values(type.getFields()).flatMap((field) => [
    `${field.name}: ${String(field.type)}`,
    ...field.args.map((argument) => `${field.name}(${inputLine(argument)})`),
  ]);
}

function inputLine({ name, type, defaultValue }: GraphQLArgument | GraphQLInputField): string {
  const node = defaultValue === undefined ? undefined : astFromValue(defaultValue, type);
  return `${name}: ${String(type)}${node ? ` = ${print(node)}` : ''}`;
}
