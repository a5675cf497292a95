import type { Schemas } from '@qdrant/js-client-rest';
import { BruteForceCollection, Refusal } from './brute-force-collection.js';

export interface StandInRequest {
  readonly operation: string;
  readonly collection: string;
  /** Whether the caller waits until the change can be seen. */
  readonly wait: boolean;
  readonly body: unknown;
}

/** What Qdrant does at each operation of the excerpt. */
export class StandInOperations {
  private readonly collections = new Map<string, BruteForceCollection>();

  /** @returns the field `result` of the answer. @throws Refusal */
  run(request: StandInRequest): unknown {
    const { operation, collection: name, body } = request;
    switch (operation) {
      case 'get_collections':
        return { collections: [...this.collections.keys()].map((known) => ({ name: known })) };
      case 'create_collection':
        return this.create(name, body as Schemas['CreateCollection']);
      case 'delete_collection':
        return this.collections.delete(name);
      case 'get_collection':
        return describeCollection(this.find(name));
      case 'update_collection':
        Object.assign(this.find(name).config, body);
        return true;
      default:
        return this.runOnPoints(request, this.find(name));
    }
  }

  private runOnPoints({ operation, wait, body }: StandInRequest, collection: BruteForceCollection): unknown {
    switch (operation) {
      case 'create_field_index':
        return change(collection, wait, () => indexField(collection, body as Schemas['CreateFieldIndex']));
      case 'upsert_points':
        return change(collection, wait, () => collection.upsert((body as Schemas['PointsList']).points));
      case 'delete_points':
        return change(collection, wait, () => collection.delete((body as Schemas['FilterSelector']).filter));
      case 'count_points':
        return count(collection, body as Schemas['CountRequest']);
      case 'query_points':
        return query(collection, body as Schemas['QueryRequest']);
      default:
        throw new Refusal(501, `the stand-in does not know ${operation}`);
    }
  }

  private create(name: string, config: Schemas['CreateCollection']): true {
    if (this.collections.has(name)) throw new Refusal(409, `Wrong input: Collection \`${name}\` already exists!`);
    this.collections.set(name, new BruteForceCollection(config));
    return true;
  }

  private find(name: string): BruteForceCollection {
    const found = this.collections.get(name);
    if (!found) throw new Refusal(404, `Not found: Collection \`${name}\` doesn't exist!`);
    return found;
  }
}

function change(collection: BruteForceCollection, wait: boolean, run: () => void): Schemas['UpdateResult'] {
  const operation_id = collection.nextOperation();
  if (wait) {
    collection.settle();
    run();
  } else {
    collection.postpone(run);
  }
  return { operation_id, status: wait ? 'completed' : 'acknowledged' };
}

function indexField(collection: BruteForceCollection, { field_name, field_schema }: Schemas['CreateFieldIndex']): void {
  if (typeof field_schema !== 'object' || field_schema === null || !('type' in field_schema))
    throw new Refusal(501, 'the stand-in wants the kind of an index as an object');
  collection.indexes.set(field_name, field_schema as Schemas['PayloadSchemaParams']);
}

function count(collection: BruteForceCollection, { filter }: Schemas['CountRequest']): Schemas['CountResult'] {
  const found = collection.matching(filter ?? {}).length;
  collection.settle();
  return { count: found };
}

function query(
  collection: BruteForceCollection,
  { query: vector, filter, limit, with_payload }: Schemas['QueryRequest'],
): Schemas['QueryResponse'] {
  if (!Array.isArray(vector)) throw new Refusal(501, 'the stand-in searches by vector alone');
  const fields = Array.isArray(with_payload) ? with_payload : [];
  const found = collection.query(vector as number[], filter ?? {}, limit ?? 10);
  collection.settle();
  return {
    points: found.map(({ point: { id, version, payload }, score }) => ({
      id,
      version,
      score,
      payload: Object.fromEntries(fields.map((field) => [field, payload[field]])),
    })),
  };
}

function describeCollection({ config, indexes, size }: BruteForceCollection): Schemas['CollectionInfo'] {
  const { quantization_config: quantised } = config;
  const graph = config.hnsw_config as Partial<Schemas['HnswConfig']> | null | undefined;
  return {
    status: 'green',
    optimizer_status: 'ok',
    indexed_vectors_count: 0,
    points_count: size,
    segments_count: 2,
    config: {
      params: {
        vectors: config.vectors as Schemas['VectorParams'],
        shard_number: 1,
        replication_factor: 1,
        write_consistency_factor: 1,
      },
      hnsw_config: {
        ef_construct: 100,
        full_scan_threshold: 10_000,
        max_indexing_threads: 0,
        m: graph?.m ?? 16,
        payload_m: graph?.payload_m ?? null,
      },
      optimizer_config: {
        deleted_threshold: 0.2,
        vacuum_min_vector_number: 1000,
        default_segment_number: 0,
        flush_interval_sec: 5,
      },
      wal_config: { wal_capacity_mb: 32, wal_segments_ahead: 0, wal_retain_closed: 1 },
      quantization_config: typeof quantised === 'object' ? quantised : null,
    },
    payload_schema: Object.fromEntries(
      [...indexes].map(([field, params]) => [field, { data_type: params.type, params, points: size }]),
    ),
  };
}
