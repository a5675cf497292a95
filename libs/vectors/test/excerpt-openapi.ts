import { readFileSync, writeFileSync } from 'node:fs';

/** What the adapter and its tests ask of Qdrant. */
const OPERATIONS: Readonly<Record<string, readonly string[]>> = {
  '/collections': ['get'],
  '/collections/{collection_name}': ['get', 'put', 'patch', 'delete'],
  '/collections/{collection_name}/index': ['put'],
  '/collections/{collection_name}/points': ['put'],
  '/collections/{collection_name}/points/query': ['post'],
  '/collections/{collection_name}/points/delete': ['post'],
  '/collections/{collection_name}/points/count': ['post'],
};

export const EXCERPT = new URL('../openapi/qdrant-1.19.excerpt.json', import.meta.url);

/** The part of Qdrant's OpenAPI document that the stand-in needs: word for word, without what is meant for readers. */
export function excerptOf(document: Readonly<Record<string, unknown>>): object {
  const paths = Object.entries(OPERATIONS).map(([path, methods]) => {
    const item = child(child(document, 'paths'), path);
    return [path, Object.fromEntries(methods.map((method) => [method, withoutProse(child(item, method))]))] as const;
  });
  const all = child(child(document, 'components'), 'schemas');
  const used = new Map<string, unknown>();
  const follow = (value: unknown): void => {
    if (Array.isArray(value)) value.forEach(follow);
    if (!isRecord(value)) return;
    const name = typeof value['$ref'] === 'string' ? value['$ref'].split('/').at(-1) : undefined;
    if (name !== undefined && !used.has(name)) {
      used.set(name, withoutProse(all[name]));
      follow(used.get(name));
    }
    Object.values(value).forEach(follow);
  };
  paths.forEach(follow);
  return {
    openapi: document['openapi'],
    info: {
      title: child(document, 'info')['title'],
      version: child(document, 'info')['version'],
      license: child(document, 'info')['license'],
    },
    paths: Object.fromEntries(paths),
    components: { schemas: Object.fromEntries([...used].sort(([a], [b]) => a.localeCompare(b, 'en'))) },
  };
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function child(value: unknown, name: string): Record<string, unknown> {
  const found = isRecord(value) ? value[name] : undefined;
  if (!isRecord(found)) throw new Error(`the document has no ${name}`);
  return found;
}

function withoutProse(value: unknown, withinProperties = false): unknown {
  if (Array.isArray(value)) return value.map((item) => withoutProse(item));
  if (!isRecord(value)) return value;
  const prose = (key: string): boolean =>
    !withinProperties && ['description', 'example', 'summary', 'tags'].includes(key);
  return Object.fromEntries(
    Object.entries(value)
      .filter(([key]) => !prose(key))
      .map(([key, item]) => [key, withoutProse(item, key === 'properties' && !withinProperties)]),
  );
}

// node test/excerpt-openapi.ts path/to/openapi.json
const [, script, source] = process.argv;
if (script === import.meta.filename && source) {
  writeFileSync(
    EXCERPT,
    `${JSON.stringify(excerptOf(JSON.parse(readFileSync(source, 'utf8')) as Record<string, unknown>), null, 1)}\n`,
  );
}
