export { NamedResults } from './named-results.js';
