import { existsSync, readFileSync } from 'node:fs';
import { gunzipSync } from 'node:zlib';
import { Ajv2020 } from 'ajv/dist/2020.js';
import formats from 'ajv-formats';

const FILE = new URL('../../../../shared/data/openai/openapi.json.gz', import.meta.url);

/** Throws where the value does not fit the schema of that name. */
export type SchemaCheck = (name: string, value: unknown) => void;

/**
 * Checks against OpenAI's OpenAPI file.
 *
 * @returns a check that lets everything pass, and says so loudly, where the file does not lie beside the repository.
 */
export function openAiSchemaCheck(): SchemaCheck {
  if (!existsSync(FILE)) {
    console.warn('SKIPPED: ../shared/data/openai is absent, so nothing is checked against OpenAI’s schemas');
    return () => undefined;
  }
  const ajv = new Ajv2020({ strict: false, validateSchema: false, logger: false });
  formats.default(ajv);
  ajv.addSchema(JSON.parse(gunzipSync(readFileSync(FILE)).toString(), withoutNullable) as object, 'openai');
  return (name, value) => {
    const fits = ajv.getSchema(`openai#/components/schemas/${name}`);
    if (fits === undefined) throw new Error(`there is no schema ${name}`);
    // A validator sees members that JSON would leave out.
    if (!fits(JSON.parse(JSON.stringify(value)))) {
      throw new Error(`${name}: ${ajv.errorsText(fits.errors)} in ${JSON.stringify(value).slice(0, 2000)}`);
    }
  };
}

/** The file says that it is OpenAPI 3.1, and still has the `nullable` of 3.0 here and there, also beside a `$ref`. */
function withoutNullable(_name: string, value: unknown): unknown {
  if (typeof value !== 'object' || value === null || !('nullable' in value) || value.nullable !== true) return value;
  const { nullable: _nullable, ...schema } = value;
  return { anyOf: [schema, { type: 'null' }] };
}
