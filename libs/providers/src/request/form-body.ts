import { InvalidRequest } from '@parsimony/contract';
import type { Json, TranscriptionCall } from '@parsimony/contract';
import { asBuffer } from './json-body.js';

const LINE = Buffer.from('\r\n');
const HEAD_END = Buffer.from('\r\n\r\n');
const FIELD_HEAD = '\r\nContent-Disposition: form-data; name=';
const BOUNDARY = /;\s*boundary=(?:"([^"]+)"|([^;\s]+))/i;
/** A field's own name, not the `filename` beside it. */
const FIELD_NAME = /^content-disposition:[^\r\n]*[;\s]name="([^"]*)"/im;

/** New values by field; undefined takes one out. */
type Fields = Map<string, string | undefined>;

/**
 * The form that goes to the provider (RFC 7578): the caller's own bytes but for the value of `model` where the provider
 * knows it by another name, and for fields that a layer replaced.
 *
 * @throws InvalidRequest where the form has no boundary.
 */
export function formBody({ body, received }: TranscriptionCall, model: string): Buffer {
  const bytes = asBuffer(received.bytes);
  const before = received.body;
  const changes: Fields = new Map();
  if (body !== before)
    for (const name of new Set([...Object.keys(before), ...Object.keys(body)]))
      if (body[name] !== before[name]) changes.set(name, fieldText(body[name]));
  if (model !== before.model) changes.set('model', model);
  return changes.size === 0 ? bytes : withFields(bytes, delimiterOf(received.contentType), changes);
}

function withFields(bytes: Buffer, delimiter: Buffer, changes: Fields): Buffer {
  const parts: Buffer[] = [];
  let copied = 0;
  let at = bytes.indexOf(delimiter);
  for (;;) {
    const headEnd = bytes.indexOf(HEAD_END, at);
    const next = bytes.indexOf(delimiter, at + delimiter.length);
    if (at === -1 || headEnd === -1 || next === -1) break;
    const name = FIELD_NAME.exec(bytes.toString('latin1', at, headEnd))?.[1];
    if (name !== undefined && changes.has(name)) {
      const value = changes.get(name);
      parts.push(bytes.subarray(copied, at));
      if (value !== undefined) parts.push(bytes.subarray(at, headEnd), HEAD_END, Buffer.from(value), LINE);
      copied = next;
      changes.delete(name);
    }
    at = next;
  }
  parts.push(bytes.subarray(copied, Math.max(at, copied)));
  for (const [name, value] of changes)
    if (value !== undefined) parts.push(delimiter, Buffer.from(`${FIELD_HEAD}"${name}"\r\n\r\n${value}\r\n`));
  parts.push(bytes.subarray(Math.max(at, copied)));
  return Buffer.concat(parts);
}

function delimiterOf(contentType = ''): Buffer {
  const [, quoted, plain] = BOUNDARY.exec(contentType) ?? [];
  const boundary = quoted ?? plain;
  if (boundary === undefined) throw new InvalidRequest('the form has no boundary', { param: 'content-type' });
  return Buffer.from(`--${boundary}`);
}

function fieldText(value: Json | undefined): string | undefined {
  return typeof value === 'string' ? value : JSON.stringify(value);
}
