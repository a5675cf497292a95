import { once } from 'node:events';
import { createServer as createHttpServer, type RequestListener } from 'node:http';
import { createServer as createTcpServer, type AddressInfo, type Server, type Socket } from 'node:net';

/** A server on a free port of this machine. */
export interface LoopbackServer extends AsyncDisposable {
  readonly url: string;
  readonly port: number;
  /** Connections that are open now. */
  readonly sockets: ReadonlySet<Socket>;
}

/**
 * A well-bred HTTP server.
 *
 * @param answer answers a request, at once or as a promise; where it fails, the client finds its connection closed
 */
export function startHttpServer(
  answer: (...exchange: Parameters<RequestListener>) => unknown,
): Promise<LoopbackServer> {
  return listen(
    createHttpServer((request, response) => {
      const answered = async (): Promise<unknown> => answer(request, response);
      answered().catch((error: unknown) => response.destroy(error as Error));
    }),
  );
}

/** A server that speaks whatever `converse` writes; it is called when the first bytes of a connection are there. */
export function startRawServer(converse: (socket: Socket) => void): Promise<LoopbackServer> {
  return listen(
    createTcpServer((socket) => {
      socket.once('data', () => converse(socket));
      socket.on('data', () => undefined);
    }),
  );
}

async function listen(server: Server): Promise<LoopbackServer> {
  const sockets = new Set<Socket>();
  server.on('connection', (socket: Socket) => {
    sockets.add(socket);
    socket.on('error', () => undefined).on('close', () => sockets.delete(socket));
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}/v1`,
    port,
    sockets,
    [Symbol.asyncDispose]: async () => {
      for (const socket of sockets) socket.destroy();
      const closed = once(server, 'close');
      server.close();
      await closed;
    },
  };
}

export const EVENT_STREAM_HEAD =
  'HTTP/1.1 200 OK\r\ncontent-type: text/event-stream\r\ntransfer-encoding: chunked\r\n\r\n';

/** One chunk of a chunked HTTP body (RFC 9112, section 7.1). */
export function httpChunk(text: string): string {
  return `${Buffer.byteLength(text).toString(16)}\r\n${text}\r\n`;
}
