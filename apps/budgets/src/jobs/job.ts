import type { Logger } from '@parsimony/telemetry';
import type pg from 'pg';
import type { Clock } from '../database/clock.js';

export interface JobContext {
  readonly pool: pg.Pool;
  readonly clock: Clock;
  readonly logger: Logger;
}

/**
 * Something that the leading instance does again and again. For a moment two instances may take themselves for the
 * leader: each job holds the limits' locks, or changes only what is still as it found it.
 */
export interface Job {
  readonly name: string;
  /** At least so long between two runs; 0: as often as the leader looks. */
  readonly everyMs: number;
  run(context: JobContext): Promise<void>;
}
