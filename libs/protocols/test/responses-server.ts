import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { JsonObject } from '@parsimony/contract';
import { responsesToChat } from '../src/responses/index.js';
import { OPTIONS } from './responses-wire.js';

export interface ResponsesServer extends AsyncDisposable {
  readonly url: string;
  /** The requests for the provider, as they were translated. */
  readonly requests: readonly JsonObject[];
}

/**
 * Serves `POST /responses` over real HTTP, by a provider of chat completions that answers what it is given here.
 *
 * @param whole what the provider answers as a whole; `chunks`: what it streams
 */
export async function startResponsesServer(whole: JsonObject, chunks: readonly JsonObject[]): Promise<ResponsesServer> {
  const requests: JsonObject[] = [];
  const server = createServer((request, response) => {
    const pieces: Buffer[] = [];
    request.on('data', (piece: Buffer) => pieces.push(piece));
    request.on('end', () => {
      const body = JSON.parse(Buffer.concat(pieces).toString()) as JsonObject;
      const translation = responsesToChat(body, OPTIONS);
      requests.push(translation.request);
      if (body['stream'] !== true) {
        response.setHeader('content-type', 'application/json').end(JSON.stringify(translation.answer(whole)));
        return;
      }
      const stream = translation.stream();
      response.setHeader('content-type', 'text/event-stream');
      for (const chunk of chunks) response.write(eventText(stream.push(chunk)));
      response.end(eventText(stream.finish()));
    });
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    requests,
    [Symbol.asyncDispose]: async () => {
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    },
  };
}

/** Events as they go over the wire (OpenAI API reference, "Streaming events"). */
function eventText(events: readonly JsonObject[]): string {
  return events.map((event) => `event: ${event['type'] as string}\ndata: ${JSON.stringify(event)}\n\n`).join('');
}
