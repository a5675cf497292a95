import { type PluginLog, VectorsUnavailable } from '@parsimony/contract';
import type { QdrantClient, Schemas } from '@qdrant/js-client-rest';
import {
  changesOf,
  collectionShape,
  missingIndexes,
  PAYLOAD_INDEXES,
  type Quantisation,
  unfit,
} from './collection-shape.js';
import { askQdrant, refusalOf } from './qdrant-call.js';
import type { TenantFilter } from './tenant-filter.js';

/** Milliseconds that are waited at most. */
export interface Deadlines {
  readonly search: number;
  readonly write: number;
  /** For making and mending a collection. */
  readonly setUp: number;
}

export interface CollectionSettings {
  readonly client: QdrantClient;
  readonly log: PluginLog;
  readonly deadlines: Deadlines;
  readonly quantisation: Quantisation;
}

/** What a point carries besides its vector. */
export interface PointPayload {
  readonly id: string;
  readonly tenant: string;
  readonly scope: string;
  readonly created_at: number;
  readonly expires_at: number;
}

export interface QdrantPoint {
  readonly id: string;
  readonly vector: number[];
  readonly payload: Record<string, unknown> & PointPayload;
}

/** A collection in Qdrant. Reading and deleting take a filter that keeps to one tenant; there is no way around it. */
export class QdrantCollection {
  private ready: Promise<void> | undefined;

  constructor(
    private readonly name: string,
    private readonly dimensions: number,
    private readonly settings: CollectionSettings,
  ) {}

  /** Makes the collection, or mends what it lacks; once, until that fails. @throws VectorsUnavailable */
  prepare(): Promise<void> {
    this.ready ??= this.makeReady().catch((error: unknown) => {
      this.ready = undefined;
      throw error;
    });
    return this.ready;
  }

  /** @throws VectorsUnavailable */
  async upsert(points: QdrantPoint[]): Promise<void> {
    const body = { collection_name: this.name, wait: true, points };
    await this.write('store the vectors', (init) => this.api.upsertPoints(body, init));
  }

  /** The nearest first; payloads hold the field `id` alone. @throws VectorsUnavailable */
  async search(
    filter: TenantFilter,
    vector: number[],
    limit: number,
    signal?: AbortSignal,
  ): Promise<Schemas['ScoredPoint'][]> {
    const query = {
      collection_name: this.name,
      query: vector,
      filter,
      limit,
      with_payload: ['id'],
      params: { quantization: { rescore: true } },
    };
    const ask = (init: RequestInit) => this.api.queryPoints(query, init);
    const { points } = await this.run(() => askQdrant('search', this.settings.deadlines.search, ask, signal));
    return points;
  }

  /** @throws VectorsUnavailable */
  async delete(filter: TenantFilter): Promise<void> {
    await this.write('delete the vectors', (init) =>
      this.api.deletePoints({ collection_name: this.name, wait: true, filter }, init),
    );
  }

  /** @throws VectorsUnavailable */
  async count(filter: TenantFilter): Promise<number> {
    const ask = (init: RequestInit) => this.api.countPoints({ collection_name: this.name, filter, exact: true }, init);
    const { count } = await this.run(() => askQdrant('count', this.settings.deadlines.write, ask));
    return count;
  }

  private get api(): ReturnType<QdrantClient['api']> {
    return this.settings.client.api();
  }

  /** Waits until what was written can be found. */
  private async write(
    what: string,
    ask: (init: RequestInit) => Promise<{ data: { result?: Schemas['UpdateResult'] } }>,
  ): Promise<void> {
    const { status } = await this.run(() => askQdrant(what, this.settings.deadlines.write, ask));
    if (status !== 'completed') throw new VectorsUnavailable(`Qdrant did not ${what} in time: ${status}`);
  }

  /** Somebody may have deleted the collection while we run: it is made again, and asked once more. */
  private async run<Result>(ask: () => Promise<Result>): Promise<Result> {
    await this.prepare();
    try {
      return await ask();
    } catch (error) {
      if (refusalOf(error) !== 404) throw error;
      this.ready = undefined;
      await this.prepare();
      return ask();
    }
  }

  private async makeReady(): Promise<void> {
    const { log, quantisation } = this.settings;
    const shape = collectionShape(this.dimensions, quantisation);
    const info = (await this.info()) ?? (await this.create(shape));
    const reason = unfit(info, this.dimensions);
    if (reason) throw new VectorsUnavailable(`the collection ${this.name} in Qdrant is not ours: ${reason}`);
    const changes = changesOf(info, shape);
    if (changes) {
      log.info('changing the settings of a collection in Qdrant', { collection: this.name });
      await this.setUp('change the collection', (init) =>
        this.api.updateCollection({ collection_name: this.name, ...changes }, init),
      );
    }
    for (const field of missingIndexes(info)) {
      const field_schema = PAYLOAD_INDEXES[field];
      await this.setUp('index a field', (init) =>
        this.api.createFieldIndex(
          { collection_name: this.name, wait: true, field_name: field, ...(field_schema && { field_schema }) },
          init,
        ),
      );
    }
  }

  private async create(shape: Schemas['CreateCollection']): Promise<Schemas['CollectionInfo']> {
    try {
      await this.setUp('make the collection', (init) =>
        this.api.createCollection({ collection_name: this.name, ...shape }, init),
      );
    } catch (error) {
      // Another gateway was quicker.
      if (refusalOf(error) !== 409) throw error;
    }
    const info = await this.info();
    if (!info) throw new VectorsUnavailable(`the collection ${this.name} vanished from Qdrant as soon as it was made`);
    return info;
  }

  private async info(): Promise<Schemas['CollectionInfo'] | undefined> {
    try {
      return await this.setUp('describe the collection', (init) =>
        this.api.getCollection({ collection_name: this.name }, init),
      );
    } catch (error) {
      if (refusalOf(error) === 404) return undefined;
      throw error;
    }
  }

  private setUp<Result>(
    what: string,
    ask: (init: RequestInit) => Promise<{ data: { result?: Result } }>,
  ): Promise<Result> {
    return askQdrant(what, this.settings.deadlines.setUp, ask);
  }
}
