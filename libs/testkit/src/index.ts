export { aCall, anEmbeddingsCall, KEY_ID, TENANT_ID } from './a-call.js';
export { aHost } from './a-host.js';
export { aDelta, anAnswer, anAnswerTo, anEnd, aReply, aStart } from './a-reply.js';
export { aScope } from './a-scope.js';
export { collect } from './collect.js';
export { CONFORMANCE_CHECKS, checksFor, runConformance, type Finding } from './conformance/run-conformance.js';
export type { ConformanceCheck, ConformanceSubject, RefusedCall, Treatment } from './conformance/subject.js';
export { FakeEgress } from './fake-egress.js';
export { within } from './within.js';
