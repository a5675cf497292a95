import type { Environment } from '@parsimony/environment';
import type pg from 'pg';

/** What the checks look at. */
export interface Patient {
  readonly environment: Environment;
  readonly variables: NodeJS.ProcessEnv;
  /** The data folder, absolute. */
  readonly home: string;
  /** Undefined where the database is away. */
  readonly database: pg.Client | undefined;
}
