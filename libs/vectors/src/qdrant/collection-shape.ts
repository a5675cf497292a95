import type { VectorCollectionSpec } from '@parsimony/contract';
import type { Schemas } from '@qdrant/js-client-rest';

/** Part of every collection's name: a release that lays points out otherwise counts it up, and starts with an empty one. */
const LAYOUT = 1;

export interface Quantisation {
  /** `int8` keeps a quarter of the bytes for searching; matches are scored again with the whole vectors. */
  readonly type: 'int8' | 'none';
  /** Keeps the quantised vectors in memory. */
  readonly alwaysRam: boolean;
}

/** The fields that filters name. Numbers get no graphs of their own: nothing is searched by them alone. */
export const PAYLOAD_INDEXES: Readonly<Record<string, Schemas['KeywordIndexParams'] | Schemas['IntegerIndexParams']>> =
  {
    tenant: { type: 'keyword', is_tenant: true },
    scope: { type: 'keyword' },
    created_at: { type: 'integer', lookup: false, range: true, enable_hnsw: false },
    expires_at: { type: 'integer', lookup: false, range: true, enable_hnsw: false },
  };

/** The dimensions are a part of the name: vectors of another embedder are another collection. */
export function collectionName(prefix: string, { name, dimensions }: VectorCollectionSpec): string {
  return `${prefix}${name}-${dimensions}-v${LAYOUT}`;
}

/**
 * How a collection is made. Graphs are built for each tenant (`payload_m`) and none over all of them (`m: 0`), as Qdrant's
 * guide on multitenancy has it.
 */
export function collectionShape(dimensions: number, { type, alwaysRam }: Quantisation): Schemas['CreateCollection'] {
  return {
    vectors: { size: dimensions, distance: 'Cosine' },
    hnsw_config: { m: 0, payload_m: 16 },
    ...(type === 'int8' && {
      quantization_config: { scalar: { type: 'int8', quantile: 0.99, always_ram: alwaysRam } },
    }),
  };
}

/** What of a collection that is there makes it useless; undefined where nothing does. */
export function unfit(info: Schemas['CollectionInfo'], dimensions: number): string | undefined {
  const { vectors } = info.config.params;
  const { size, distance } = (vectors ?? {}) as Partial<Schemas['VectorParams']>;
  if (size === dimensions && distance === 'Cosine') return undefined;
  return `its vectors are ${distance ?? 'named'} with ${String(size ?? 'several')} dimensions, not Cosine with ${dimensions}`;
}

/** Fields whose index is not there, or is of another kind. */
export function missingIndexes(info: Schemas['CollectionInfo']): string[] {
  return Object.entries(PAYLOAD_INDEXES)
    .filter(([field, wanted]) => {
      const present = info.payload_schema[field];
      if (present?.data_type !== wanted.type) return true;
      return 'is_tenant' in wanted && !(present.params && 'is_tenant' in present.params && present.params.is_tenant);
    })
    .map(([field]) => field);
}

/** What is to be changed of a collection that is there, so that it is as `shape` says. */
export function changesOf(
  info: Schemas['CollectionInfo'],
  shape: Schemas['CreateCollection'],
): Schemas['UpdateCollection'] | undefined {
  const { hnsw_config: graph, quantization_config: quantised } = info.config;
  const changes: Schemas['UpdateCollection'] = {};
  if (graph.m !== shape.hnsw_config?.m || graph.payload_m !== shape.hnsw_config.payload_m) {
    changes.hnsw_config = shape.hnsw_config ?? null;
  }
  const present = scalarOf(quantised);
  const wanted = scalarOf(shape.quantization_config);
  if (!wanted && quantised) changes.quantization_config = 'Disabled';
  else if (wanted && (!present || inRam(present, wanted) !== inRam(wanted, wanted)))
    changes.quantization_config = { scalar: wanted };
  return Object.keys(changes).length > 0 ? changes : undefined;
}

/** Not compared as a whole: servers add fields, and print the quantile with digits of their own. */
function inRam(present: Schemas['ScalarQuantizationConfig'], wanted: Schemas['ScalarQuantizationConfig']): boolean {
  // eslint-disable-next-line @typescript-eslint/no-deprecated -- servers before 1.19 do not know `memory`, and those that do take both
  return present.always_ram ?? wanted.always_ram ?? false;
}

function scalarOf(quantised: object | null | undefined): Schemas['ScalarQuantizationConfig'] | undefined {
  return (quantised as Partial<Schemas['ScalarQuantization']> | null | undefined)?.scalar;
}
