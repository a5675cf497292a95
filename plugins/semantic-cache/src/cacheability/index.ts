export { cacheability, isKeyed } from './cacheability.js';
export { uncacheableInWords, type Uncacheable } from './uncacheable.js';
