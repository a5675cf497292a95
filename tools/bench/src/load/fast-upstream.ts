import { createServer, type AddressInfo, type Server, type Socket } from 'node:net';
import { RequestFrames } from './request-frames.js';

const CREATED = 1_790_000_000;
const IDENTITY = { id: 'chatcmpl-fast', created: CREATED, model: 'gpt-4o-mini' };
const USAGE = { prompt_tokens: 19, completion_tokens: 90, total_tokens: 109 };
const TEXT = 'The quick brown fox jumps over the lazy dog. '.repeat(10).trim();
const EVENTS = 20;

const WHOLE = wholeAnswer();
const STREAM = streamedAnswer();

export interface FastUpstream extends AsyncDisposable {
  /** Base address; `/v1` comes behind it. */
  readonly url: string;
}

/**
 * An OpenAI-compatible provider that costs next to nothing, so that a measurement sees the gateway: it frames HTTP by
 * hand and has but one answer, whole, or streamed where the request has `"stream":true`.
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
    for (const body of frames.push(bytes)) socket.write(/"stream":\s*true/.test(body) ? STREAM : WHOLE);
  });
  // A client that goes away in the middle of a write is no failure of the measurement.
  socket.on('error', () => socket.destroy());
}

function listen(server: Server, port: number): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, '127.0.0.1', resolve);
  });
}

function wholeAnswer(): Buffer {
  const message = { role: 'assistant', content: TEXT };
  const body = JSON.stringify({
    ...IDENTITY,
    object: 'chat.completion',
    choices: [{ index: 0, message, finish_reason: 'stop' }],
    usage: USAGE,
  });
  return Buffer.from(
    `HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ncontent-length: ${Buffer.byteLength(body)}\r\n\r\n${body}`,
  );
}

function streamedAnswer(): Buffer {
  const chunk = (rest: object): string =>
    `data: ${JSON.stringify({ ...IDENTITY, object: 'chat.completion.chunk', ...rest })}\n\n`;
  const content = Array.from({ length: EVENTS }, (_, index) =>
    chunk({ choices: [{ index: 0, delta: { content: `word${index} ` }, finish_reason: null }] }),
  );
  const end = [
    chunk({ choices: [{ index: 0, delta: {}, finish_reason: 'stop' }] }),
    chunk({ choices: [], usage: USAGE }),
    'data: [DONE]\n\n',
  ];
  const chunks = [...content, ...end, ''].map((text) => `${Buffer.byteLength(text).toString(16)}\r\n${text}\r\n`);
  return Buffer.from(
    `HTTP/1.1 200 OK\r\ncontent-type: text/event-stream\r\ntransfer-encoding: chunked\r\n\r\n${chunks.join('')}`,
  );
}
