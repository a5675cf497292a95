import { createServer, type AddressInfo, type Server, type Socket } from 'node:net';
import type { CannedAnswer } from './canned/canned-answer.js';
import { CANNED_CHAT } from './canned/canned-chat.js';
import { CANNED_MESSAGE } from './canned/canned-message.js';
import { CANNED_RESPONSE } from './canned/canned-response.js';
import { RequestFrames, type RequestFrame } from './request-frames.js';

const ANSWERS: ReadonlyMap<string, CannedAnswer> = new Map([
  ['/v1/chat/completions', CANNED_CHAT],
  ['/v1/messages', CANNED_MESSAGE],
  ['/v1/responses', CANNED_RESPONSE],
]);
const NOT_FOUND = Buffer.from('HTTP/1.1 404 Not Found\r\ncontent-length: 0\r\n\r\n');

export interface FastUpstream extends AsyncDisposable {
  /** Base address; `/v1` comes behind it. */
  readonly url: string;
}

/**
 * A provider that costs next to nothing, so that a measurement sees the gateway: it frames HTTP by hand and has but one
 * answer for each of OpenAI's chat completions and Responses and Anthropic's Messages, whole, or streamed where the
 * request has `"stream":true`.
 */
export async function startFastUpstream(port = 0): Promise<FastUpstream> {
  const sockets = new Set<Socket>();
  const server = createServer({ noDelay: true }, (socket) => {
    sockets.add(socket);
    serve(socket);
    socket.once('close', () => sockets.delete(socket));
  });
  await listen(server, port);
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    [Symbol.asyncDispose]: async () => {
      const closed = new Promise((resolve) => server.close(resolve));
      for (const socket of sockets) socket.destroy();
      await closed;
    },
  };
}

function serve(socket: Socket): void {
  const frames = new RequestFrames();
  socket.on('data', (bytes: Buffer) => {
    for (const frame of frames.push(bytes)) socket.write(answerTo(frame));
  });
  // A client that goes away in the middle of a write is no failure of the measurement.
  socket.on('error', () => socket.destroy());
}

function answerTo({ path, body }: RequestFrame): Buffer {
  const answer = ANSWERS.get(path);
  if (!answer) return NOT_FOUND;
  return /"stream":\s*true/.test(body) ? answer.stream : answer.whole;
}

function listen(server: Server, port: number): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, '127.0.0.1', resolve);
  });
}
