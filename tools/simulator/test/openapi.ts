import { existsSync, readFileSync } from 'node:fs';
import { gunzipSync } from 'node:zlib';
import { Ajv2020 } from 'ajv/dist/2020.js';

const FILE = new URL('../../../../shared/data/openai/openapi.json.gz', import.meta.url);

/** Whether OpenAI's specification lies beside the repository. */
export function hasSpecification(): boolean {
  const present = existsSync(FILE);
  if (!present) console.warn('SKIPPED: ../shared/data/openai is absent, so no shape is held against the specification');
  return present;
}

/** Says what is wrong with a value by one of the specification's schemas; nothing: an empty list. */
export type ShapeCheck = (schema: string, value: unknown) => readonly string[];

/** Reads OpenAI's specification. */
export function readSpecification(): ShapeCheck {
  const document = JSON.parse(gunzipSync(readFileSync(FILE)).toString(), allowNull) as object;
  // Formats such as unixtime and keywords such as x-oaiMeta are OpenAI's own.
  const ajv = new Ajv2020({ strict: false, validateFormats: false, allErrors: true });
  ajv.addSchema({ ...document, $id: 'openai' });
  return (schema, value) => {
    const validate = ajv.compile({ $ref: `openai#/components/schemas/${schema}` });
    if (validate(value)) return [];
    return (validate.errors ?? []).map(({ instancePath, message }) => `${instancePath} ${message}`);
  };
}

/** OpenAPI 3.0's `nullable`, which means nothing in JSON Schema and stands beside references here and there. */
function allowNull(_name: string, value: unknown): unknown {
  if (typeof value !== 'object' || value === null || !('nullable' in value) || value.nullable !== true) return value;
  const { nullable: _nullable, ...schema } = value;
  return { anyOf: [schema, { type: 'null' }] };
}
