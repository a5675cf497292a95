import { InvalidDocument, isJsonObject } from '@parsimony/contract';
import type { Json, JsonObject } from '@parsimony/contract';
import { suggestion } from '../nearest-name.js';
import { pathText } from './path-text.js';
import type { Path } from './path-text.js';

/** Keywords of JSON Schema (draft 2020-12) by which an object may have members that `properties` does not name. */
const OPENING = ['patternProperties', 'unevaluatedProperties', 'allOf', 'anyOf', 'oneOf', 'if', '$ref', '$dynamicRef'];

/**
 * Refuses a member that a JSON Schema does not know, and names the nearest one that it does. It runs before the real
 * validation, whose libraries say "unrecognized key" at best. What a schema leaves open is left to that validation.
 *
 * @throws InvalidDocument
 */
export function refuseUnknownFields(value: Json | undefined, schema: Json | undefined, path: Path): void {
  if (!isJsonObject(schema)) return;
  if (isArray(value)) {
    value.forEach((item, index) => refuseUnknownFields(item, schema['items'], [...path, index]));
    return;
  }
  if (!isJsonObject(value)) return;
  const properties = isJsonObject(schema['properties']) ? schema['properties'] : undefined;
  for (const [name, member] of Object.entries(value)) {
    if (properties && Object.hasOwn(properties, name)) {
      refuseUnknownFields(member, properties[name], [...path, name]);
    } else if (properties && isClosed(schema)) {
      const param = pathText([...path, name]);
      const where = path.length === 0 ? '' : ` in \`${pathText(path)}\``;
      throw new InvalidDocument(`unknown field \`${name}\`${where}${suggestion(name, Object.keys(properties))}`, {
        param,
      });
    } else {
      refuseUnknownFields(member, schema['additionalProperties'], [...path, name]);
    }
  }
}

/** The contract demands closed schemas of plugins; one that says nothing is therefore closed. */
function isClosed(schema: JsonObject): boolean {
  const additional = schema['additionalProperties'];
  return additional === false || (additional === undefined && !OPENING.some((keyword) => keyword in schema));
}

function isArray(value: Json | undefined): value is readonly Json[] {
  return Array.isArray(value);
}
