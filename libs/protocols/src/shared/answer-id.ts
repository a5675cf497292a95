/** The id of an answer, made of the call's: `msg_` and 32 hexadecimal digits. */
export function answerId(prefix: string, callId: string): string {
  return `${prefix}${callId.replaceAll('-', '')}`;
}
