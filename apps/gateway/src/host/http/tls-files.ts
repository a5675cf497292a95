import { watchFile, unwatchFile } from 'node:fs';
import { readFile } from 'node:fs/promises';
import type { Server } from 'node:https';
import type { TlsFiles } from './http-options.js';

const LOOK_EVERY_MS = 10_000;

/** @throws the file system's error, which names the file. */
export async function readTls({ certificate, key }: TlsFiles): Promise<{ cert: Buffer; key: Buffer }> {
  const [cert, secret] = await Promise.all([readFile(certificate), readFile(key)]);
  return { cert, key: secret };
}

/**
 * Takes up a certificate that was renewed, for connections that begin afterwards. A pair that does not fit, as it stands
 * between the writing of the one file and of the other, is left for the next look.
 *
 * @returns what ends the watch.
 */
export function followTls(server: Server, files: TlsFiles, onFault: (error: unknown) => void): Disposable {
  const renew = (): void => {
    readTls(files)
      .then((pair) => server.setSecureContext({ ...pair, minVersion: 'TLSv1.2' }))
      .catch(onFault);
  };
  const paths = [files.certificate, files.key];
  for (const path of paths) watchFile(path, { interval: LOOK_EVERY_MS, persistent: false }, renew);
  return { [Symbol.dispose]: () => paths.forEach((path) => unwatchFile(path, renew)) };
}
