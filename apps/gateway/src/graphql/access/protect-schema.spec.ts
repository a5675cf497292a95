import { PermissionDenied } from '@parsimony/contract';
import type { Principal } from '@parsimony/tenancy';
import { execute, GraphQLID, GraphQLObjectType, GraphQLSchema, parse } from 'graphql';
import { expect, test } from 'vitest';
import { openPlaces, protectSchema } from './protect-schema.js';
import { REQUIRES, type Requirement } from './requirement.js';

const MEMBER: Principal = {
  ...{ keyId: 'k', tenantId: 't', teamId: null, role: 'MEMBER', expiresAt: null, scopes: null, subject: null },
};

function schemaWith(requires: { field?: Requirement; type?: Requirement }): GraphQLSchema {
  const extensions = (requirement?: Requirement) => (requirement ? { [REQUIRES]: requirement } : {});
  const document = new GraphQLObjectType({
    name: 'Document',
    extensions: extensions(requires.type),
    fields: { id: { type: GraphQLID } },
  });
  return new GraphQLSchema({
    query: new GraphQLObjectType({
      name: 'Query',
      fields: { document: { type: document, extensions: extensions(requires.field), resolve: () => ({ id: '1' }) } },
    }),
  });
}

test('names root fields and types without a requirement, and refuses to serve them', () => {
  expect(openPlaces(schemaWith({}))).toEqual(['Query.document', 'Document']);
  expect(openPlaces(schemaWith({ field: 'authenticated', type: 'authenticated' }))).toEqual([]);
  expect(() => protectSchema(schemaWith({ field: 'call.read' }))).toThrow(/Document/);
  expect(() => protectSchema(schemaWith({ type: 'call.read' }))).toThrow(/Query\.document/);
});

test.each([
  ['the field', { field: 'configuration.update', type: 'authenticated' }],
  ['the type that it gives', { field: 'authenticated', type: 'configuration.update' }],
] as const)('denies what %s demands and the role lacks', async (_what, requires) => {
  const schema = protectSchema(schemaWith(requires));
  const document = parse('{ document { id } }');
  const asMember = await execute({ schema, document, contextValue: { principal: MEMBER } });
  expect(asMember.errors?.[0]?.originalError).toBeInstanceOf(PermissionDenied);
  const asOwner = await execute({ schema, document, contextValue: { principal: { ...MEMBER, role: 'OWNER' } } });
  expect(asOwner).toEqual({ data: { document: { id: '1' } } });
});
