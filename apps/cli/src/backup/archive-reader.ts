import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { pipeline } from 'node:stream/promises';
import { createGunzip } from 'node:zlib';
import { extract } from 'tar-stream';
import { BadInput } from '../cli/exit-code.js';
import { MANIFEST_MEMBER, parseManifest, type ArchivedMember, type Manifest } from './manifest.js';

const LARGEST_MANIFEST = 256 << 20;

export interface Member {
  readonly name: string;
  readonly content: AsyncIterable<Buffer>;
}

/**
 * The members of an archive in their order; each is to be read to its end before the next.
 *
 * @throws the file's, gzip's or tar's error.
 */
export async function* membersOf(path: string): AsyncGenerator<Member, void> {
  const members = extract();
  const read = pipeline(createReadStream(path), createGunzip(), members);
  // It says the same as the loop below, which may throw first.
  read.catch(() => undefined);
  for await (const entry of members) yield { name: entry.header.name, content: entry as AsyncIterable<Buffer> };
  await read;
}

/**
 * Reads an archive from its beginning to its end, and proves it: every member that the manifest names is there, in order,
 * with the bytes that were written, and no other.
 *
 * @throws BadInput where it is cut, changed, or no archive of ours.
 */
export async function verifyArchive(path: string): Promise<Manifest> {
  const found: ArchivedMember[] = [];
  let manifest: Manifest | undefined;
  try {
    for await (const { name, content } of membersOf(path)) {
      if (manifest) throw new Error(`there is ${name} behind the manifest`);
      if (name === MANIFEST_MEMBER) manifest = parseManifest(await textOf(content));
      else found.push(await measure(name, content));
    }
    if (!manifest) throw new Error('it has no manifest, so that it was cut, or is no backup of ours');
    compare(found, manifest);
    return manifest;
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw new BadInput(`${path} is not a whole backup: ${reason}; nothing was changed`, { cause: error });
  }
}

function compare(found: readonly ArchivedMember[], { tables }: Manifest): void {
  const expected = tables.flatMap(({ members }) => members);
  for (const [index, member] of expected.entries()) {
    const { name, bytes, sha256 } = found[index] ?? {};
    if (name !== member.name) throw new Error(`${member.name} is missing`);
    if (bytes !== member.bytes || sha256 !== member.sha256) throw new Error(`${member.name} was changed`);
  }
  const [extra] = found.slice(expected.length);
  if (extra) throw new Error(`${extra.name} is not named in its manifest`);
}

async function measure(name: string, content: AsyncIterable<Buffer>): Promise<ArchivedMember> {
  const hash = createHash('sha256');
  let bytes = 0;
  for await (const chunk of content) {
    hash.update(chunk);
    bytes += chunk.length;
  }
  return { name, bytes, sha256: hash.digest('hex') };
}

async function textOf(content: AsyncIterable<Buffer>): Promise<string> {
  const chunks: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of content) {
    chunks.push(chunk);
    bytes += chunk.length;
    if (bytes > LARGEST_MANIFEST) throw new Error('its manifest is too long to be one');
  }
  return Buffer.concat(chunks).toString();
}
