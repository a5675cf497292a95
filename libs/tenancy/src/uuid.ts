import * as crypto from 'node:crypto';

declare module 'node:crypto' {
  /** In Node since 24.16; not yet in its published types. */
  function randomUUIDv7(): string;
}

const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i;

/** A UUID of version 7 (RFC 9562): later ones sort after earlier ones, so that lists page by id. */
export function newId(): string {
  return crypto.randomUUIDv7();
}

export function isUuid(text: string): boolean {
  return UUID.test(text);
}
