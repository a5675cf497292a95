type Value = bigint | Buffer;

const VARINT = 0;
const FIXED_64 = 1;
const BYTES = 2;
const FIXED_32 = 5;

/** A message of Protocol Buffers, read by field numbers (https://protobuf.dev/programming-guides/encoding). */
export class ProtobufMessage {
  readonly #fields = new Map<number, Value[]>();

  constructor(bytes: Buffer) {
    for (let at = 0; at < bytes.length;) {
      const [tag, afterTag] = readVarint(bytes, at);
      const [value, next] = readValue(bytes, afterTag, Number(tag & 7n));
      const field = Number(tag >> 3n);
      this.#fields.set(field, [...(this.#fields.get(field) ?? []), value]);
      at = next;
    }
  }

  has(field: number): boolean {
    return this.#fields.has(field);
  }

  messages(field: number): ProtobufMessage[] {
    return this.#all(field).map((each) => new ProtobufMessage(each));
  }

  bytes(field: number): Buffer {
    return this.#all(field)[0] ?? Buffer.alloc(0);
  }

  text(field: number): string {
    return this.bytes(field).toString();
  }

  varint(field: number): number {
    const [value = 0n] = this.#fields.get(field) ?? [];
    if (typeof value !== 'bigint') throw new TypeError(`field ${field} is no varint`);
    return Number(value);
  }

  fixed64(field: number): bigint {
    return this.has(field) ? this.bytes(field).readBigUInt64LE() : 0n;
  }

  double(field: number): number {
    return this.has(field) ? this.bytes(field).readDoubleLE() : 0;
  }

  packed<T>(field: number, read: (bytes: Buffer, at: number) => T): T[] {
    const bytes = Buffer.concat(this.#all(field));
    return Array.from({ length: bytes.length / 8 }, (_, index) => read(bytes, index * 8));
  }

  #all(field: number): Buffer[] {
    return (this.#fields.get(field) ?? []).map((value) => {
      if (typeof value === 'bigint') throw new TypeError(`field ${field} has no bytes`);
      return value;
    });
  }
}

function readValue(bytes: Buffer, at: number, type: number): [Value, number] {
  if (type === VARINT) return readVarint(bytes, at);
  if (type === FIXED_64) return [bytes.subarray(at, at + 8), at + 8];
  if (type === FIXED_32) return [bytes.subarray(at, at + 4), at + 4];
  if (type !== BYTES) throw new TypeError(`there is no wire type ${type}`);
  const [length, begin] = readVarint(bytes, at);
  const end = begin + Number(length);
  return [bytes.subarray(begin, end), end];
}

function readVarint(bytes: Buffer, from: number): [bigint, number] {
  let value = 0n;
  for (let at = from, shift = 0n; ; at++, shift += 7n) {
    const byte = bytes.readUInt8(at);
    value |= BigInt(byte & 0x7f) << shift;
    if (byte < 0x80) return [value, at + 1];
  }
}
