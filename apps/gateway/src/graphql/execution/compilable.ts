import { getNamedType, isInputObjectType, Kind, typeFromAST } from 'graphql';
import type { DocumentNode, GraphQLInputObjectType, GraphQLSchema } from 'graphql';

/**
 * Whether Mercurius may run a request compiled (graphql-jit 0.8) and do what GraphQL says. It compiles one operation of a
 * document and would run that one for all of them; and the compiled code forgets the defaults of input fields, and those
 * of arguments and variables where the variable was not sent (zalando-incubator/graphql-jit issues 142 and 91).
 */
export function isCompilable(
  schema: GraphQLSchema,
  document: DocumentNode,
  variables: Readonly<Record<string, unknown>> | null | undefined,
): boolean {
  let operations = 0;
  let forgetful = false;
  for (const definition of document.definitions) {
    if (definition.kind !== Kind.OPERATION_DEFINITION) continue;
    operations++;
    for (const { variable, type } of definition.variableDefinitions ?? []) {
      const sent = Object.hasOwn(variables ?? {}, variable.name.value);
      const named = getNamedType(typeFromAST(schema, type));
      if (!sent || (isInputObjectType(named) && hasDefaults(named, new Set()))) forgetful = true;
    }
  }
  return operations === 1 && !forgetful;
}

function hasDefaults(type: GraphQLInputObjectType, seen: Set<GraphQLInputObjectType>): boolean {
  if (seen.has(type)) return false;
  seen.add(type);
  return Object.values(type.getFields()).some((field) => {
    const named = getNamedType(field.type);
    return field.defaultValue !== undefined || (isInputObjectType(named) && hasDefaults(named, seen));
  });
}
