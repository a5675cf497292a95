export { contradict } from './contradiction.js';
export { EVIDENCE_NAMES, evidenceOf, standingOf, type Evidence, type Neighbour, type Standing } from './evidence.js';
export { falseHitRate, type FalseHitRate } from './false-hit-rate.js';
export type { KnowledgeState } from './knowledge.js';
export type { Observation, Pending } from './observation.js';
export { designOf, LogisticPrior, probabilityOf, type Prior, type PriorWeights } from './prior.js';
export { CLASS_WEIGHTS, LEARNED_FROM, QUESTION_WEIGHTS } from './shipped-weights.js';
export { signatureOf, type Signature } from './signature.js';
export { Verifier, type Action, type Decision, type VerifierState } from './verifier.js';
