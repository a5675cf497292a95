import { crc32 } from 'node:zlib';

/** What a tenant's log says, one after the other. */
export type LogRecord =
  | {
      readonly kind: 'upsert';
      readonly key: number;
      readonly id: string;
      readonly scope: string;
      readonly createdAt: number;
      readonly expiresAt: number;
      /** Half-precision numbers, little-endian. */
      readonly vector: Uint8Array;
    }
  | { readonly kind: 'delete'; readonly ids: readonly string[] }
  | { readonly kind: 'purge'; readonly createdBefore: number };

export const FRAME_BYTES = 8;
const ID_BYTES = 16;
const UPSERT = 1;
const DELETE = 2;
const PURGE = 3;
/** Kind, key, id, two moments and the scope's length. */
const UPSERT_HEAD = 1 + 8 + ID_BYTES + 8 + 8 + 1;

/** A record with its frame: length of the body and its CRC-32, 4 bytes each, little-endian. */
export function encodeRecord(record: LogRecord): Buffer {
  const bodyLength = bodyLengthOf(record);
  const framed = Buffer.allocUnsafe(FRAME_BYTES + bodyLength);
  const body = framed.subarray(FRAME_BYTES);
  writeBody(record, body);
  framed.writeUInt32LE(bodyLength, 0);
  framed.writeUInt32LE(crc32(body), 4);
  return framed;
}

/** @throws RangeError where the bytes are no record */
export function decodeRecord(body: Buffer): LogRecord {
  switch (body[0]) {
    case UPSERT: {
      const scopeEnd = UPSERT_HEAD + body.readUInt8(UPSERT_HEAD - 1);
      return {
        kind: 'upsert',
        key: body.readDoubleLE(1),
        id: readId(body, 9),
        createdAt: body.readDoubleLE(25),
        expiresAt: body.readDoubleLE(33),
        scope: body.toString('latin1', UPSERT_HEAD, scopeEnd),
        vector: body.subarray(scopeEnd),
      };
    }
    case DELETE: {
      const ids = Array.from({ length: (body.length - 1) / ID_BYTES }, (_, n) => readId(body, 1 + n * ID_BYTES));
      return { kind: 'delete', ids };
    }
    case PURGE:
      return { kind: 'purge', createdBefore: body.readDoubleLE(1) };
    default:
      throw new RangeError(`a record of kind ${body[0]} is not known`);
  }
}

/** How many bytes of a log an entry takes. */
export function upsertBytes(scope: string, dimensions: number): number {
  return FRAME_BYTES + UPSERT_HEAD + scope.length + dimensions * 2;
}

function bodyLengthOf(record: LogRecord): number {
  if (record.kind === 'upsert') return UPSERT_HEAD + record.scope.length + record.vector.length;
  return record.kind === 'delete' ? 1 + record.ids.length * ID_BYTES : 9;
}

function writeBody(record: LogRecord, body: Buffer): void {
  switch (record.kind) {
    case 'upsert':
      body.writeUInt8(UPSERT, 0);
      body.writeDoubleLE(record.key, 1);
      writeId(record.id, body, 9);
      body.writeDoubleLE(record.createdAt, 25);
      body.writeDoubleLE(record.expiresAt, 33);
      body.writeUInt8(record.scope.length, UPSERT_HEAD - 1);
      body.write(record.scope, UPSERT_HEAD, 'latin1');
      body.set(record.vector, UPSERT_HEAD + record.scope.length);
      break;
    case 'delete':
      body.writeUInt8(DELETE, 0);
      record.ids.forEach((id, n) => writeId(id, body, 1 + n * ID_BYTES));
      break;
    case 'purge':
      body.writeUInt8(PURGE, 0);
      body.writeDoubleLE(record.createdBefore, 1);
  }
}

function writeId(id: string, body: Buffer, offset: number): void {
  body.write(id.replaceAll('-', ''), offset, ID_BYTES, 'hex');
}

function readId(body: Buffer, offset: number): string {
  const hex = body.toString('hex', offset, offset + ID_BYTES);
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-${hex.slice(12, 16)}-${hex.slice(16, 20)}-${hex.slice(20)}`;
}
