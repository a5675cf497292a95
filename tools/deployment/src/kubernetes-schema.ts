/** A JSON Schema, as far as it is looked into here. */
export interface Schema {
  readonly [keyword: string]: unknown;
}

interface GroupVersionKind {
  readonly group: string;
  readonly version: string;
  readonly kind: string;
}

const REFERENCE = '#/definitions/';
/** Types whose definition says less than what they take (Kubernetes API conventions). */
const LOOSE: Readonly<Record<string, Schema>> = {
  'io.k8s.apimachinery.pkg.util.intstr.IntOrString': { type: ['integer', 'string'] },
  'io.k8s.apimachinery.pkg.api.resource.Quantity': { type: ['number', 'string'] },
};

/** Kubernetes' own types, and which of them a manifest of some kind has. */
export interface KubernetesSchema {
  readonly $comment: string;
  readonly definitions: Readonly<Record<string, Schema>>;
  /** Names of definitions by kind, such as `apps/v1/StatefulSet`. */
  readonly kinds: Readonly<Record<string, string>>;
}

/**
 * Makes JSON Schemas of the Kubernetes API for some kinds out of its OpenAPI file: what those kinds reach, without
 * descriptions, and closed, so that a misspelt field is an error as `kubectl --validate=strict` has it.
 *
 * @param openApi the file `swagger.json` of a Kubernetes release.
 * @param wanted kinds such as `apps/v1/StatefulSet`, or `v1/Service`.
 */
export function kubernetesSchema(
  openApi: { readonly definitions: Readonly<Record<string, Schema>> },
  wanted: readonly string[],
): KubernetesSchema {
  const definitions: Record<string, Schema> = {};
  const kinds: Record<string, string> = {};
  for (const kind of wanted) {
    const found = Object.entries(openApi.definitions).find(([, schema]) => kindsOf(schema).includes(kind));
    if (!found) throw new Error(`the file has no ${kind}`);
    kinds[kind] = found[0];
    collect(found[0]);
  }
  const $comment = 'Of the Kubernetes API, (c) The Kubernetes Authors, Apache-2.0; see NOTICE.md';
  return { $comment, kinds, definitions };

  function collect(name: string): void {
    if (definitions[name]) return;
    // Noted before its parts are looked at: types contain themselves.
    definitions[name] = {};
    definitions[name] = LOOSE[name] ?? (closed(openApi.definitions[name] ?? {}) as Schema);
  }

  /** Without descriptions and Kubernetes' own keywords; notes what it refers to. */
  function closed(value: unknown): unknown {
    if (Array.isArray(value)) return value.map(closed);
    if (typeof value !== 'object' || value === null) return value;
    const schema = value as Schema;
    const reference = schema['$ref'];
    if (typeof reference === 'string') {
      collect(reference.slice(REFERENCE.length));
      return { $ref: reference };
    }
    const kept: Record<string, unknown> = {};
    for (const [keyword, inner] of Object.entries(schema)) {
      if (keyword === 'properties') {
        kept[keyword] = Object.fromEntries(Object.entries(inner as Schema).map(([name, each]) => [name, closed(each)]));
      } else if (['type', 'required', 'items', 'additionalProperties', 'enum'].includes(keyword)) {
        kept[keyword] = closed(inner);
      }
    }
    if (kept['properties'] && !kept['additionalProperties']) kept['additionalProperties'] = false;
    return kept;
  }
}

function kindsOf(schema: Schema): string[] {
  const kinds = (schema['x-kubernetes-group-version-kind'] ?? []) as readonly GroupVersionKind[];
  return kinds.map(({ group, version, kind }) => [group, version, kind].filter((part) => part !== '').join('/'));
}
