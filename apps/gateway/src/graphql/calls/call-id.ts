const UUID_V7 = /^([0-9a-f]{8})-([0-9a-f]{4})-7[0-9a-f]{3}-[0-9a-f]{4}-[0-9a-f]{12}$/i;

/**
 * When a call arrived, by its id: UUIDs of version 7 begin with milliseconds since the Unix epoch (RFC 9562, 5.7).
 *
 * @returns undefined for an id that no call can have.
 */
export function arrivalOf(callId: string): number | undefined {
  const match = UUID_V7.exec(callId);
  return match ? Number.parseInt(`${match[1]}${match[2]}`, 16) : undefined;
}
