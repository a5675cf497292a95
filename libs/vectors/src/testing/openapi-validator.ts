import { readFileSync } from 'node:fs';
import { Ajv, type ErrorObject, type ValidateFunction } from 'ajv';
import addFormats from 'ajv-formats';

type Json = null | boolean | number | string | Json[] | { [name: string]: Json };
type JsonObject = { [name: string]: Json };

/** Outside `src` and `dist` alike, which lie side by side. */
const EXCERPT = new URL('../../openapi/qdrant-1.19.excerpt.json', import.meta.url);

/** What an operation lets in and out. */
export interface OperationCheck {
  /** Names the operation, such as `query_points`. */
  readonly operation: string;
  /** The values of the path's places. */
  readonly path: Readonly<Record<string, string>>;
  /** @returns what is wrong with the request; undefined where nothing is */
  request(query: URLSearchParams, body: unknown): string | undefined;
  /** @returns what is wrong with the answer; undefined where nothing is */
  response(status: number, body: unknown): string | undefined;
}

/**
 * Holds requests and answers against Qdrant's OpenAPI document. More strictly than it says: a field that a schema does
 * not name is an error, since a misspelt condition would otherwise pass as an empty filter, and match everything.
 */
export class OpenApiValidator {
  private readonly ajv: Ajv;
  private readonly paths: JsonObject;
  private readonly compiled = new Map<string, ValidateFunction>();

  constructor() {
    const document = toJsonSchema(JSON.parse(readFileSync(EXCERPT, 'utf8')) as Json) as JsonObject;
    this.paths = document['paths'] as JsonObject;
    this.ajv = new Ajv({ strict: true, strictTypes: false, allowUnionTypes: true, allErrors: false });
    addFormats.default(this.ajv, ['uuid', 'date-time', 'int32', 'int64', 'float', 'double']);
    for (const format of ['uint', 'uint8', 'uint32', 'uint64']) {
      this.ajv.addFormat(format, {
        type: 'number',
        validate: (value: number) => Number.isInteger(value) && value >= 0,
      });
    }
    this.ajv.addVocabulary(['components']);
    this.ajv.addSchema({ $id: 'qdrant', components: document['components'] });
  }

  /** @returns undefined where the document knows no such operation */
  find(method: string, pathname: string): OperationCheck | undefined {
    for (const [template, item] of Object.entries(this.paths)) {
      const path = matchPath(template, pathname);
      const operation = path && (item as JsonObject)[method.toLowerCase()];
      if (path && operation) return this.check(operation as JsonObject, path);
    }
    return undefined;
  }

  private check(operation: JsonObject, path: Readonly<Record<string, string>>): OperationCheck {
    const name = idOf(operation);
    return {
      operation: name,
      path,
      request: (query, body) =>
        this.wrongQuery(operation, query) ?? this.wrong(`${name} request`, contentOf(operation['requestBody']), body),
      response: (status, body) => {
        const responses = operation['responses'] as JsonObject;
        const key = String(status) in responses ? String(status) : status >= 400 && status < 500 ? '4XX' : 'default';
        return this.wrong(`${name} response ${key}`, contentOf(responses[key]), body);
      },
    };
  }

  private wrongQuery(operation: JsonObject, query: URLSearchParams): string | undefined {
    const name = idOf(operation);
    const parameters = (operation['parameters'] ?? []) as JsonObject[];
    for (const [key, text] of query) {
      const parameter = parameters.find((candidate) => candidate['in'] === 'query' && candidate['name'] === key);
      if (!parameter) return `${name} request: the parameter ${key} is not known`;
      const wrong = this.wrong(
        `${name} parameter ${key}`,
        parameter['schema'],
        /^(?:true|false|\d+)$/.test(text) ? JSON.parse(text) : text,
      );
      if (wrong) return wrong;
    }
    return undefined;
  }

  private wrong(place: string, schema: Json | undefined, value: unknown): string | undefined {
    if (schema === undefined) return value === undefined ? undefined : `${place}: there is a body`;
    let validate = this.compiled.get(place);
    if (!validate) this.compiled.set(place, (validate = this.ajv.compile(schema as JsonObject)));
    return validate(value) ? undefined : `${place}${describe(validate.errors)}`;
  }
}

/** OpenAPI 3.0 as JSON Schema: `nullable`, places of references, and closed objects. */
function toJsonSchema(value: Json): Json {
  if (Array.isArray(value)) return value.map(toJsonSchema);
  if (typeof value !== 'object' || value === null) return value;
  const schema = Object.fromEntries(Object.entries(value).map(([key, item]) => [key, toJsonSchema(item)]));
  if (typeof schema['$ref'] === 'string') return { $ref: `qdrant${schema['$ref']}` };
  if (schema['nullable'] === true) {
    delete schema['nullable'];
    schema['type'] = schema['type'] === undefined ? 'null' : [schema['type'], 'null'];
  }
  if (schema['type'] === 'object' && schema['properties'] !== undefined) schema['additionalProperties'] ??= false;
  return schema;
}

function idOf({ operationId }: JsonObject): string {
  return typeof operationId === 'string' ? operationId : 'an operation without a name';
}

function contentOf(part: Json | undefined): Json | undefined {
  const content = (part as JsonObject | undefined)?.['content'] as JsonObject | undefined;
  return (content?.['application/json'] as JsonObject | undefined)?.['schema'];
}

function matchPath(template: string, pathname: string): Record<string, string> | undefined {
  const names = [...template.matchAll(/\{(\w+)\}/g)].map(([, name]) => name ?? '');
  const found = new RegExp(`^${template.replaceAll(/\{\w+\}/g, '([^/]+)')}$`).exec(pathname);
  return found
    ? Object.fromEntries(names.map((name, place) => [name, decodeURIComponent(found[place + 1] ?? '')]))
    : undefined;
}

function describe(errors: readonly ErrorObject[] | null | undefined): string {
  return (errors ?? [])
    .map(({ instancePath, message, params }) => `${instancePath}: ${message} ${JSON.stringify(params)}`)
    .join('; ');
}
