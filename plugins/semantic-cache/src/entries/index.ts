export type { Entry, EntryLimits } from './entry.js';
export type { EntryCount, EntryStore, Forgotten } from './entry-store.js';
export { PostgresEntryStore } from './postgres-entry-store.js';
export { foldPrompt, promptOf } from './prompt-text.js';
