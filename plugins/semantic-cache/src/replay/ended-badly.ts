/**
 * Members that say of an answer, in any of the protocols, that it is not one to give again: a filter cut it, the model
 * refused it for the provider, it is a turn that is to be continued, or it failed. A quote inside of a text is escaped in
 * JSON, so that no text can look like one of them.
 */
const BAD_END =
  /"(?:finish_reason|stop_reason|reason)"\s*:\s*"(?:content_filter|refusal|pause_turn)"|"status"\s*:\s*"(?:failed|cancelled)"|"type"\s*:\s*"(?:response\.failed|error)"/;

/** Whether an answer must not be given again, by its bytes as they were sent. */
export function endedBadly(contents: readonly Uint8Array[]): boolean {
  return contents.some(({ buffer, byteOffset, byteLength }) =>
    BAD_END.test(Buffer.from(buffer, byteOffset, byteLength).toString('latin1')),
  );
}
