import { Busboy, type BusboyHeaders, type BusboyInstance } from '@fastify/busboy';
import type { JsonRecord } from './field.js';
import { MalformedBody } from './malformed-body.js';

/** A file of a form, whole. */
export class UploadedFile {
  constructor(
    readonly name: string,
    readonly bytes: Buffer,
  ) {}
}

/**
 * Reads a form: each field by its name, as a text or an UploadedFile. What is sent as `name[]` is a list, under the
 * name without brackets.
 *
 * @throws MalformedBody where it is no whole form.
 */
export async function parseMultipart(contentType: string, body: Buffer): Promise<JsonRecord> {
  const form = new Map<string, unknown>();
  await new Promise<void>((resolve, reject) => {
    const refuse = (): void => reject(new MalformedBody('form'));
    const busboy = openBusboy({ 'content-type': contentType });
    if (!busboy) return refuse();
    busboy.on('field', (name, value) => addField(form, name, value));
    busboy.on('file', (name, stream, filename) => {
      const chunks: Buffer[] = [];
      stream.on('data', (chunk: Buffer) => chunks.push(chunk));
      stream.on('error', refuse);
      stream.on('end', () => addField(form, name, new UploadedFile(filename, Buffer.concat(chunks))));
    });
    busboy.on('error', refuse);
    busboy.on('finish', resolve);
    busboy.end(body);
  });
  return Object.fromEntries(form);
}

/** null where the content type has no boundary. */
function openBusboy(headers: BusboyHeaders): BusboyInstance | null {
  try {
    return new Busboy({ headers });
  } catch {
    return null;
  }
}

function addField(form: Map<string, unknown>, name: string, value: unknown): void {
  if (!name.endsWith('[]')) {
    form.set(name, value);
    return;
  }
  const list = form.get(name.slice(0, -2));
  form.set(name.slice(0, -2), Array.isArray(list) ? [...(list as unknown[]), value] : [value]);
}
