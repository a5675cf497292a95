export * from './data-source.js';
export * from './database-availability.js';
export * from './embedded/start-embedded-postgres.js';
export * from './migrate.js';
export * from './migrations/index.js';
export * from './pico-dollars.transformer.js';
export * from './usage-row.entity.js';
