import type { PriorWeights } from './prior.js';

// Written by `npm run evaluate -- cache-train`; not to be edited by hand.
//
// Learned with bundled-use-lite vectors from qqp (68835 texts), clinc150 (11847 texts), banking77 (6619 texts):
// Quora question pairs by way of zilliztech/GPTCache@c59fb3a (the questions are Quora's, for non-commercial use: none is
// here, only the numbers below), CLINC150 (clinc/oos-eval@828f809, CC BY 3.0) and BANKING77
// (PolyAI-LDN/task-specific-datasets@57ec275, CC BY 4.0). Half of each source, the other half was not looked at.

/** SHA-256 of the sets, unpacked: an evaluation on one of them must not use these weights. */
export const LEARNED_FROM: readonly string[] = [
  // qqp
  'ac74d2ab3cf786cfffe4a72788c8ed82a79ec2584b378244edc14efc3b6f0f5f',
  // clinc150
  'f072bf16cd0a041b90fa930b4def015ef8f654dca760864d15ddfc523301fd25',
  // banking77
  'f703bb39995e6f07db14324fc7a10f8c5b82ef25f2acd5aee2913d933238f978',
];

/** For answers to questions of any kind. */
export const QUESTION_WEIGHTS: PriorWeights = [
  -5.358, -1.691, 1.573, -0.105, 0.356, 4.303, -1.21, 4.205, -1.084, -0.829, -0.45, 1.835, -0.862, -1.068, -1.745,
  -0.761, 1.606, 0.192, -0.324, -1.088, -0.32, 0.451, -0.469, -0.094, 0.125, -0.357, -0.515, 0.143, 0, 0.257, 0, 1.541,
  -0.288, 0.041, 0.145, 0.113, 2.2, 0.347, -0.946, -2.039, 1.202, 2.236, -0.002, 0.506, 1.582, 0.046, 0.405, 0.307,
  0.123, 0.087, 0.315, 0.327, 0.308, 0.008, -1.52, -0.08, -0.31, 0.08, 0.195, -0.439,
];

/** For caches of classifications, where many entries share an answer. */
export const CLASS_WEIGHTS: PriorWeights = [
  -2.886, -3.262, -2.175, -1.071, 1.022, 8.142, -0.293, 3.647, 0.244, -0.828, -0.935, 2.93, 0.005, -0.287, -0.307,
  -0.073, 0.24, 0.051, 0.024, 0.794, -0.122, 1.539, 0.142, -0.024, 0.525, -0.168, -0.271, 0.155, -0.05, 0.237, 0,
  -0.322, -0.513, -1.275, 0.105, 0.818, 3.761, 1.883, -1.745, 0.918, 1.155, 0.291, 0.634, -0.309, 1.847, 0.131, -0.78,
  -0.642, -0.473, 0.495, 0.057, -0.27, 0.032, 0.242, -0.28, -0.029, 1.121, -0.43, 0.133, 0.197,
];
