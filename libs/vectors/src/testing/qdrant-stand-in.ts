import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { setTimeout } from 'node:timers/promises';
import { Refusal } from './brute-force-collection.js';
import { OpenApiValidator } from './openapi-validator.js';
import { StandInOperations, type StandInRequest } from './stand-in-operations.js';

export interface StandInFault {
  /** Milliseconds before each answer. */
  readonly delay?: number;
  /** Answers every request with this HTTP status. */
  readonly status?: number;
  /** Sends half an answer and closes the connection. */
  readonly cut?: boolean;
}

export interface StandInOptions {
  readonly apiKey?: string;
}

/**
 * An HTTP server that does what the adapter asks of a Qdrant 1.19 in strict mode, over lists of points. Every request and
 * every answer is held against Qdrant's own OpenAPI document.
 */
export class QdrantStandIn implements AsyncDisposable {
  /** Where a request or an answer was not as the document says. Has to stay empty. */
  readonly violations: string[] = [];
  readonly requests: StandInRequest[] = [];
  fault: StandInFault = {};
  private readonly operations = new StandInOperations();

  private constructor(
    private readonly server: Server,
    readonly url: string,
    private readonly options: StandInOptions,
  ) {}

  /** One for all, since it compiles each schema once, and that takes a while. */
  private static readonly validator = new OpenApiValidator();

  static async start(options: StandInOptions = {}): Promise<QdrantStandIn> {
    const server = createServer();
    await new Promise<void>((resolve) => void server.listen(0, '127.0.0.1', resolve));
    const { port } = server.address() as AddressInfo;
    const standIn = new QdrantStandIn(server, `http://127.0.0.1:${port}`, options);
    server.on('request', (request, response) => void standIn.answer(request, response));
    return standIn;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    const closed = new Promise<void>((resolve) => void this.server.close(() => resolve()));
    this.server.closeAllConnections();
    await closed;
  }

  private async answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const text = await textOf(request);
    const { delay, status, cut } = this.fault;
    if (delay) await setTimeout(delay);
    if (this.options.apiKey && request.headers['api-key'] !== this.options.apiKey) {
      response
        .writeHead(401, { 'content-type': 'text/plain' })
        .end('Must provide an API key or an Authorization bearer token');
    } else if (status) {
      send(response, status, { status: { error: 'Service internal error: a fault was ordered' }, time: 0 });
    } else if (cut) {
      response.writeHead(200, { 'content-type': 'application/json', 'content-length': 100 });
      response.write('{"result":', () => response.destroy());
    } else {
      this.serve(request, text, response);
    }
  }

  private serve({ method = 'GET', url = '/' }: IncomingMessage, text: string, response: ServerResponse): void {
    const { pathname, searchParams } = new URL(url, this.url);
    const check = QdrantStandIn.validator.find(method, pathname);
    if (!check) {
      this.violations.push(`${method} ${pathname}: not in the document`);
      return send(response, 404, { status: { error: 'Not found' }, time: 0 });
    }
    const body: unknown = text === '' ? undefined : JSON.parse(text);
    const wrong = check.request(searchParams, body);
    if (wrong) {
      this.violations.push(wrong);
      return send(response, 400, { status: { error: `Format error in JSON body: ${wrong}` }, time: 0 });
    }
    const wait = searchParams.get('wait') === 'true';
    const [status, answer] = this.run({
      operation: check.operation,
      collection: check.path['collection_name'] ?? '',
      wait,
      body,
    });
    const wrongAnswer = check.response(status, JSON.parse(JSON.stringify(answer)));
    if (wrongAnswer) this.violations.push(wrongAnswer);
    send(response, status, answer);
  }

  private run(request: StandInRequest): readonly [number, object] {
    this.requests.push(request);
    try {
      return [200, { result: this.operations.run(request), status: 'ok', time: 0.001 }];
    } catch (error) {
      if (!(error instanceof Refusal)) throw error;
      return [error.status, { status: { error: error.message }, time: 0.001 }];
    }
  }
}

function send(response: ServerResponse, status: number, body: object): void {
  response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body));
}

async function textOf(request: IncomingMessage): Promise<string> {
  let text = '';
  for await (const chunk of request.setEncoding('utf8')) text += chunk as string;
  return text;
}
