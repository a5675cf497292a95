/** A server's address in the form that the client takes. */
export interface QdrantAddress {
  readonly url: string;
  readonly port: number;
  readonly prefix?: string;
}

const DEFAULT_PORT = 6333;

/**
 * Takes an address apart. The client would overlook a path, and take its default port for a `:443` that the URL class
 * drops.
 *
 * @throws RangeError
 */
export function qdrantAddress(text: string): QdrantAddress {
  if (!/^https?:\/\//i.test(text) || !URL.canParse(text)) {
    throw new RangeError(`${JSON.stringify(text)} is no address of a Qdrant server, such as http://localhost:6333`);
  }
  const { protocol, hostname, pathname } = new URL(text);
  const port = /^https?:\/\/[^/]*:(\d+)(?:\/|$)/i.exec(text)?.[1];
  const prefix = pathname.replace(/\/+$/, '');
  return { url: `${protocol}//${hostname}`, port: port ? Number(port) : DEFAULT_PORT, ...(prefix && { prefix }) };
}
