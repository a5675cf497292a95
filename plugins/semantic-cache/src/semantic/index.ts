export { behind } from './apprentice.js';
export { expiryOf } from './expiry.js';
export { kindOfResults } from './kinds.js';
export { SemanticIndex, storedSignature } from './semantic-index.js';
export { LookupTooSlow, within } from './within.js';
