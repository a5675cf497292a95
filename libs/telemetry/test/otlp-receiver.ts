import { once } from 'node:events';
import { createServer } from 'node:http';
import type { IncomingHttpHeaders, IncomingMessage, Server, ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { ProtobufMessage } from './protobuf-reader.js';

type Attributes = Record<string, string | number | boolean>;

export interface ReceivedSpan {
  readonly name: string;
  readonly kind: 'server' | 'client' | 'other';
  readonly traceId: string;
  readonly spanId: string;
  readonly parentSpanId: string;
  readonly startMs: number;
  readonly endMs: number;
  readonly attributes: Attributes;
  readonly isError: boolean;
}

export interface ReceivedPoint {
  readonly metric: string;
  readonly unit: string;
  readonly attributes: Attributes;
  readonly count: number;
  readonly sum: number;
  readonly bounds: readonly number[];
  readonly counts: readonly number[];
}

/** A collector that takes OTLP over HTTP in protobuf, by the field numbers of opentelemetry-proto 1. */
export class OtlpReceiver implements AsyncDisposable {
  readonly spans: ReceivedSpan[] = [];
  /** The latest export of metrics. */
  points: ReceivedPoint[] = [];
  readonly resources: Attributes[] = [];
  readonly headers: IncomingHttpHeaders[] = [];
  /** What it answers with; it looks at nothing that it refuses. */
  status = 200;
  /** All that came, to look for what must not be in it. */
  readonly bytes: Buffer[] = [];

  private constructor(private readonly server: Server) {}

  static async start(): Promise<OtlpReceiver> {
    const server = createServer();
    const receiver = new OtlpReceiver(server);
    server.on('request', (request, response) => void receiver.#answer(request, response));
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    return receiver;
  }

  get url(): string {
    return `http://127.0.0.1:${(this.server.address() as AddressInfo).port}`;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    if (!this.server.listening) return;
    this.server.closeAllConnections();
    this.server.close();
    await once(this.server, 'close');
  }

  async #answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const body = Buffer.concat(await Array.fromAsync(request as AsyncIterable<Buffer>));
    this.headers.push(request.headers);
    if (this.status === 200) this.#take(request.url ?? '', body);
    response.writeHead(this.status, { 'content-type': 'application/x-protobuf' }).end();
  }

  #take(path: string, body: Buffer): void {
    this.bytes.push(body);
    const resources = new ProtobufMessage(body).messages(1);
    for (const resource of resources) this.resources.push(...resource.messages(1).map((each) => attributesOf(each, 1)));
    const scopes = resources.flatMap((resource) => resource.messages(2));
    if (path === '/v1/traces') this.spans.push(...scopes.flatMap((scope) => scope.messages(2)).map(spanOf));
    else if (path === '/v1/metrics') this.points = scopes.flatMap((scope) => scope.messages(2)).flatMap(pointsOf);
    else throw new Error(`nobody exports to ${path}`);
  }
}

const KINDS: Readonly<Record<number, ReceivedSpan['kind']>> = { 2: 'server', 3: 'client' };

function spanOf(span: ProtobufMessage): ReceivedSpan {
  return {
    traceId: span.bytes(1).toString('hex'),
    spanId: span.bytes(2).toString('hex'),
    parentSpanId: span.bytes(4).toString('hex'),
    name: span.text(5),
    kind: KINDS[span.varint(6)] ?? 'other',
    startMs: Number(span.fixed64(7) / 1_000_000n),
    endMs: Number(span.fixed64(8) / 1_000_000n),
    attributes: attributesOf(span, 9),
    isError: span.messages(15)[0]?.varint(3) === 2,
  };
}

function pointsOf(metric: ProtobufMessage): ReceivedPoint[] {
  const points = metric.messages(9).flatMap((histogram) => histogram.messages(1));
  return points.map((point) => ({
    metric: metric.text(1),
    unit: metric.text(3),
    attributes: attributesOf(point, 9),
    count: Number(point.fixed64(4)),
    sum: point.double(5),
    counts: point.packed(6, (bytes, at) => Number(bytes.readBigUInt64LE(at))),
    bounds: point.packed(7, (bytes, at) => bytes.readDoubleLE(at)),
  }));
}

function attributesOf(message: ProtobufMessage, field: number): Attributes {
  return Object.fromEntries(message.messages(field).map((pair) => [pair.text(1), valueOf(pair.messages(2)[0])]));
}

function valueOf(value: ProtobufMessage | undefined): string | number | boolean {
  if (value?.has(2)) return value.varint(2) === 1;
  if (value?.has(3)) return value.varint(3);
  if (value?.has(4)) return value.double(4);
  return value?.text(1) ?? '';
}
