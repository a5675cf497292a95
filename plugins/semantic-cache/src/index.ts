export { default } from './semantic-cache.js';
