import type {
  PluginLog,
  TenantVectors,
  VectorCollection,
  VectorCollectionSpec,
  VectorMatch,
  VectorPoint,
  VectorQuery,
  Vectors,
} from '@parsimony/contract';
import { VectorsUnavailable } from '@parsimony/contract';
import { checkedId, checkPoint, checkQuery, checkSpec, unitVector } from '../points.js';
import { toHalves } from './half.js';
import { InstanceFolder } from './instance-folder.js';
import type { PackedPoints, TaskTarget } from './messages.js';
import { VectorThread } from './vector-thread.js';

/** Points and ids that go to the worker at once: more would hold up both threads' other work. */
const PACK = 64;
const IDS = 4096;

export interface EmbeddedOptions {
  /** Several processes of a machine may share it; each has its own vectors. */
  readonly folder: string;
  readonly log: PluginLog;
}

/** Opens the store that lives in this process, with the vectors that a former one left. @throws VectorsUnavailable */
export async function openEmbeddedVectors({ folder, log }: EmbeddedOptions): Promise<Vectors & AsyncDisposable> {
  let instance: InstanceFolder;
  try {
    instance = InstanceFolder.claim(folder);
  } catch (cause) {
    throw new VectorsUnavailable('the folder of the vector store cannot be used', { cause });
  }
  return new EmbeddedVectors(instance, log);
}

class EmbeddedVectors implements Vectors, AsyncDisposable {
  readonly #thread: VectorThread;

  constructor(
    private readonly instance: InstanceFolder,
    log: PluginLog,
  ) {
    this.#thread = new VectorThread(instance.path, log);
  }

  async collection({ name, dimensions }: VectorCollectionSpec): Promise<VectorCollection> {
    checkSpec({ name, dimensions });
    this.#thread.start();
    return {
      of: (tenantId) =>
        new EmbeddedTenantVectors(this.#thread, { collection: name, dimensions, tenant: checkedId(tenantId) }),
    };
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#thread[Symbol.asyncDispose]();
    this.instance[Symbol.dispose]();
  }
}

class EmbeddedTenantVectors implements TenantVectors {
  constructor(
    private readonly thread: VectorThread,
    private readonly target: TaskTarget,
  ) {}

  async upsert(points: readonly VectorPoint[]): Promise<void> {
    for (const point of points) checkPoint(point);
    for (let start = 0; start < points.length; start += PACK) {
      const packed = pack(points.slice(start, start + PACK), this.target.dimensions);
      await this.thread.run(this.target, { kind: 'upsert', points: packed });
    }
  }

  async search(query: VectorQuery): Promise<readonly VectorMatch[]> {
    checkQuery(query);
    const vector = unitVector(query.vector, this.target.dimensions);
    const work = { kind: 'search', vector, scope: query.scope, limit: query.limit } as const;
    return (await this.thread.run(this.target, work, query.signal)) as readonly VectorMatch[];
  }

  async delete(ids: readonly string[]): Promise<void> {
    const checked = ids.map(checkedId);
    for (let start = 0; start < checked.length; start += IDS) {
      await this.thread.run(this.target, { kind: 'delete', ids: checked.slice(start, start + IDS) });
    }
  }

  async purge(createdBefore = Infinity): Promise<void> {
    await this.thread.run(this.target, { kind: 'purge', createdBefore });
  }

  async count(): Promise<number> {
    return (await this.thread.run(this.target, { kind: 'count' })) as number;
  }
}

function pack(points: readonly VectorPoint[], dimensions: number): PackedPoints {
  const vectors = new Uint16Array(points.length * dimensions);
  points.forEach((point, n) => vectors.set(toHalves(unitVector(point.vector, dimensions)), n * dimensions));
  return {
    ids: points.map((point) => checkedId(point.id)),
    scopes: points.map((point) => point.scope),
    createdAt: Float64Array.from(points, (point) => point.createdAt),
    expiresAt: Float64Array.from(points, (point) => point.expiresAt),
    vectors,
  };
}
