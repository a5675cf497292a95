export { EnvironmentError } from './environment-error.js';
export type { Environment } from './environment-schema.js';
export { readEnvironment } from './environment.js';
export { nearestName } from './nearest-name.js';
export { readProvidersFile, type FurtherProvider } from './providers-file.js';
