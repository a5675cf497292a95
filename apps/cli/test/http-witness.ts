import { createServer, type IncomingHttpHeaders, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';

export interface Witness extends AsyncDisposable {
  readonly url: string;
  readonly port: number;
  /** What was asked, in order. */
  readonly requests: { readonly path: string; readonly headers: IncomingHttpHeaders }[];
}

/** An HTTP server that answers as told and remembers what it was asked. */
export async function httpWitness(
  answer: (
    path: string,
    headers: IncomingHttpHeaders,
  ) => { status: number; headers?: Record<string, string>; body?: string },
): Promise<Witness> {
  const requests: Witness['requests'] = [];
  const server: Server = createServer((request, response) => {
    const { url = '', headers } = request;
    requests.push({ path: url, headers });
    const { status, headers: own = {}, body = '{}' } = answer(url, headers);
    if ('date' in own) response.sendDate = false;
    response.writeHead(status, { 'content-type': 'application/json', ...own }).end(body);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}`,
    port,
    requests,
    [Symbol.asyncDispose]: () =>
      new Promise((resolve) => {
        server.closeAllConnections();
        server.close(() => resolve());
      }),
  };
}
