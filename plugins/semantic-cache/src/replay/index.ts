export { decodeAnswer } from './encoded-answer.js';
export { replay } from './replay.js';
export { ReplyRecorder, type RecordedReply } from './reply-recorder.js';
