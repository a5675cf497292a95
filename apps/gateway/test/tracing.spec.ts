import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { RealGateway } from './real-gateway.js';

const PROMPT = 'Тайный вопрос, который никого не касается';
const TRACE_ID = '4bf92f3577b34da6a3ce929d0e0e4736';

let collector: Server;
let real: RealGateway;
const received: { path: string; body: Buffer }[] = [];

beforeAll(async () => {
  collector = createServer((request, response) => {
    const parts: Buffer[] = [];
    request.on('data', (part: Buffer) => parts.push(part));
    request.on('end', () => {
      received.push({ path: request.url ?? '', body: Buffer.concat(parts) });
      response.end();
    });
  });
  await new Promise<void>((resolve) => collector.listen(0, '127.0.0.1', resolve));
  const { port } = collector.address() as AddressInfo;
  real = await RealGateway.start({
    tracing: { OTEL_EXPORTER_OTLP_ENDPOINT: `http://127.0.0.1:${port}`, OTEL_TRACES_SAMPLER_ARG: 0 },
  });
});
afterAll(() => {
  collector.close();
});

it('exports a span for a call that its caller traces and one for each attempt, none for others, and never a text', async () => {
  const ask = (headers: Record<string, string>) =>
    real
      .client()
      .chat.completions.create(
        { model: 'economy', messages: [{ role: 'user', content: PROMPT }], max_tokens: 10 },
        { headers },
      );
  await ask({ traceparent: `00-${TRACE_ID}-00f067aa0ba902b7-01` });
  await ask({});
  await real[Symbol.asyncDispose]();
  const traces = Buffer.concat(received.filter(({ path }) => path === '/v1/traces').map(({ body }) => body));
  // OTLP's protobuf has ids and texts as they are.
  expect(occurrences(traces, Buffer.from(TRACE_ID, 'hex'))).toBe(2);
  expect(traces.includes('chat gpt-4.1-mini')).toBe(true);
  expect(traces.includes('gen_ai.usage.input_tokens')).toBe(true);
  const all = Buffer.concat(received.map(({ body }) => body));
  expect(all.includes(PROMPT)).toBe(false);
  expect(all.includes(real.secret)).toBe(false);
  const metrics = received.filter(({ path }) => path === '/v1/metrics');
  expect(metrics.some(({ body }) => body.includes('gen_ai.client.operation.duration'))).toBe(true);
});

function occurrences(bytes: Buffer, wanted: Buffer): number {
  let count = 0;
  for (let at = bytes.indexOf(wanted); at !== -1; at = bytes.indexOf(wanted, at + wanted.length)) count++;
  return count;
}
