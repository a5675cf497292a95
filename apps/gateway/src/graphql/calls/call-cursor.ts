import { InvalidRequest } from '@parsimony/contract';

/** Where a call stands in the ledger's order, newest first. */
export interface CallPosition {
  readonly at: Date;
  readonly id: string;
}

const CURSOR = /^(\d{1,15})\/([0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})$/;

export function callCursor({ at, id }: CallPosition): string {
  return Buffer.from(`${at.getTime()}/${id}`).toString('base64url');
}

/** @throws InvalidRequest */
export function parseCallCursor(cursor: string): CallPosition {
  const match = CURSOR.exec(Buffer.from(cursor, 'base64url').toString());
  if (!match) throw new InvalidRequest('this is no cursor of ours', { param: 'after' });
  const [, at, id = ''] = match;
  return { at: new Date(Number(at)), id };
}
