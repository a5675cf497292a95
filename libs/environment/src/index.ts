export { EnvironmentError, readEnvironment, type Environment } from './environment.js';
export { nearestName } from './nearest-name.js';
