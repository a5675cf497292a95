export * from './start-test-database.js';
