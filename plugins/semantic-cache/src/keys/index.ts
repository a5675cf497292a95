export { answerKey, type KeyedCall } from './answer-key.js';
export { InexactNumber } from './canonical-json.js';
export { idOfKey } from './id-of-key.js';
export { sharedWith, type Sharing } from './sharing.js';
