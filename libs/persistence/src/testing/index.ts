export * from './start-plugin-database.js';
export * from './start-test-database.js';
