import { once } from 'node:events';
import { Busboy, type BusboyInstance } from '@fastify/busboy';
import { InvalidRequest } from '@parsimony/contract';
import type { TranscriptionBody } from '@parsimony/contract';
import { invalid, requireModel } from './body-fields.js';

const LIMITS = { fields: 32, fieldSize: 64 << 10, fieldNameSize: 100, files: 1, parts: 40, headerPairs: 32 } as const;

/**
 * Reads the text fields of a form that carries a recording (RFC 7578). The recording stays where it is, in the bytes.
 *
 * @throws InvalidRequest that names the field.
 */
export async function parseTranscriptionForm(bytes: Buffer, contentType: string): Promise<TranscriptionBody> {
  // Without a prototype: a field may bear any name.
  const fields = Object.create(null) as Record<string, string | string[]>;
  let recordings = 0;
  const parser = newParser(contentType);
  parser.on('field', (name, value, nameTruncated, valueTruncated) => {
    if (nameTruncated || valueTruncated) return void parser.destroy(invalid(name, 'shorter'));
    const former = fields[name];
    fields[name] = former === undefined ? value : [former, value].flat();
  });
  parser.on('file', (name, stream) => {
    if (name === 'file') recordings++;
    stream.resume();
  });
  for (const limit of ['partsLimit', 'fieldsLimit', 'filesLimit'] as const)
    parser.on(limit, () => parser.destroy(new InvalidRequest('the form has too many parts')));
  const finished = once(parser, 'finish');
  parser.end(bytes);
  try {
    await finished;
  } catch (error) {
    if (error instanceof InvalidRequest) throw error;
    throw new InvalidRequest('the form cannot be read', { cause: error });
  }
  requireModel(fields);
  if (recordings !== 1) throw invalid('file', 'there once, as a file');
  const { stream, ...others } = fields;
  if (stream !== undefined && stream !== 'true' && stream !== 'false') throw invalid('stream', 'true or false');
  return { ...others, ...(stream !== undefined && { stream: stream === 'true' }) } as unknown as TranscriptionBody;
}

function newParser(contentType: string): BusboyInstance {
  try {
    return new Busboy({ headers: { 'content-type': contentType }, limits: LIMITS });
  } catch (error) {
    throw new InvalidRequest('the form has no boundary', { cause: error });
  }
}
