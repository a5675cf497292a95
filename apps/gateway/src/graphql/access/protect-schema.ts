import { getNamedType, isIntrospectionType, isObjectType } from 'graphql';
import type { GraphQLField, GraphQLFieldResolver, GraphQLObjectType, GraphQLSchema } from 'graphql';
import type { Action } from '@parsimony/tenancy';
import type { GraphqlContext } from '../graphql-context.js';
import { demandAtHome } from './demand.js';
import { REQUIRES, type Requirement } from './requirement.js';

type Resolver = GraphQLFieldResolver<unknown, GraphqlContext>;
type ObjectType = GraphQLObjectType<unknown, GraphqlContext>;

/**
 * Guards a schema by what its types and root fields declare with `Requires`. A field is guarded by its own requirement
 * and by that of the type it gives; scalars need no guard of their own, since only their guarded object leads to them.
 *
 * @throws Error that names every root field and object type without a requirement.
 */
export function protectSchema(schema: GraphQLSchema): GraphQLSchema {
  const open = openPlaces(schema);
  if (open.length > 0) throw new Error(`these declare no requirement, so anybody could read them: ${open.join(', ')}`);
  for (const type of objectTypes(schema)) for (const field of Object.values(type.getFields())) guard(type, field);
  return schema;
}

/** Root fields (`Query.calls`) and object types (`CallRecord`) that declare no requirement. */
export function openPlaces(schema: GraphQLSchema): string[] {
  const roots = rootTypes(schema);
  return objectTypes(schema).flatMap((type) => {
    if (!roots.has(type)) return requirementOf(type) === undefined ? [type.name] : [];
    return Object.values(type.getFields())
      .filter((field) => requirementOf(field) === undefined)
      .map((field) => `${type.name}.${field.name}`);
  });
}

function objectTypes(schema: GraphQLSchema): ObjectType[] {
  return Object.values(schema.getTypeMap()).filter(
    (type): type is ObjectType => isObjectType(type) && !isIntrospectionType(type),
  );
}

function rootTypes(schema: GraphQLSchema): Set<GraphQLObjectType> {
  const types = [schema.getQueryType(), schema.getMutationType(), schema.getSubscriptionType()];
  return new Set(types.filter((type) => type != null));
}

function requirementOf(place: { readonly extensions: object }): Requirement | undefined {
  return (place.extensions as { readonly [REQUIRES]?: Requirement })[REQUIRES];
}

function guard(parent: GraphQLObjectType, field: GraphQLField<unknown, GraphqlContext>): void {
  const given = getNamedType(field.type);
  const demanded = new Set([requirementOf(field), isObjectType(given) ? requirementOf(given) : undefined]);
  demanded.delete(requirementOf(parent));
  const actions = [...demanded].filter((each): each is Action => each !== undefined && each !== 'authenticated');
  if (actions.length === 0) return;
  if (field.subscribe) field.subscribe = guarded(field.subscribe, actions);
  else if (field.resolve) field.resolve = guarded(field.resolve, actions);
  else throw new Error(`${parent.name}.${field.name} cannot be guarded: it has no resolver`);
}

function guarded(resolver: Resolver, actions: readonly Action[]): Resolver {
  return (source, args, context, info) => {
    for (const action of actions) demandAtHome(context.principal, action);
    return resolver(source, args, context, info);
  };
}
