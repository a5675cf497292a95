import { NO_USAGE } from '@parsimony/contract';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { aFinishedCall, anAttempt, aSecretCall, SECRET_PROMPT } from '../../test/finished.js';
import { OtlpReceiver } from '../../test/otlp-receiver.js';
import { startTracing, type TracingEnvironment } from './start-tracing.js';
import type { CallTracing } from './call-tracing.js';

const serverOf = (provider: string) => ({ address: `api.${provider}.com`, port: 443 });
const TRACE_ID = '4bf92f3577b34da6a3ce929d0e0e4736';
const SPAN_ID = '00f067aa0ba902b7';

let receiver: OtlpReceiver;
beforeEach(async () => {
  receiver = await OtlpReceiver.start();
});
afterEach(() => receiver[Symbol.asyncDispose]());

function start(environment: TracingEnvironment = {}, faults: unknown[] = []): CallTracing {
  const tracing = startTracing(
    { OTEL_EXPORTER_OTLP_ENDPOINT: receiver.url, ...environment },
    { serverOf, onFault: (error) => faults.push(error) },
  );
  if (!tracing) throw new Error('tracing did not start');
  return tracing;
}

/** One traced call with these attempts, exported to the end. */
async function traceOne(tracing: CallTracing, traceparent?: string): Promise<void> {
  const call = aSecretCall();
  const parent = tracing.begin(traceparent, call.id);
  const traced = parent ? { ...call, trace: parent } : call;
  tracing.attempt(
    anAttempt(traced, {
      errorCode: 'provider_error',
      firstEventMs: null,
      outcome: { status: 'failed', settlement: 'exact', usage: NO_USAGE, cost: 0n, providerStatus: 503 },
    }),
  );
  tracing.attempt(anAttempt(traced, { rung: 1, purpose: 'retry' }));
  tracing.finished(aFinishedCall(traced));
  await tracing[Symbol.asyncDispose]();
}

it('is off where no collector is set', () => {
  expect(startTracing({}, { onFault: () => undefined })).toBeUndefined();
});

describe('a traced call', () => {
  it('is one span for the call and one for each provider call below it', async () => {
    await traceOne(start(), `00-${TRACE_ID}-${SPAN_ID}-01`);
    const [failed, retried, whole] = receiver.spans;
    expect(receiver.spans).toHaveLength(3);
    expect(whole).toMatchObject({
      name: 'chat gpt-4.1-mini',
      kind: 'server',
      traceId: TRACE_ID,
      parentSpanId: SPAN_ID,
    });
    for (const each of [failed, retried]) {
      expect(each).toMatchObject({ name: 'chat gpt-4.1-mini', kind: 'client', traceId: TRACE_ID });
      expect(each?.parentSpanId).toBe(whole?.spanId);
    }
    expect(retried?.attributes).toEqual({
      'gen_ai.operation.name': 'chat',
      'gen_ai.provider.name': 'openai',
      'gen_ai.request.model': 'gpt-4.1-mini',
      'gen_ai.request.stream': true,
      'gen_ai.response.time_to_first_chunk': 0.2,
      'gen_ai.usage.input_tokens': 125,
      'gen_ai.usage.output_tokens': 50,
      'gen_ai.usage.cache_read.input_tokens': 20,
      'gen_ai.usage.cache_creation.input_tokens': 5,
      'gen_ai.usage.reasoning.output_tokens': 10,
      'server.address': 'api.openai.com',
      'server.port': 443,
      'parsimony.call.id': expect.any(String),
      'parsimony.tenant.id': 'tenant-1',
      'parsimony.status': 'ok',
      'parsimony.settlement': 'exact',
      'parsimony.cost_usd': 0.000123,
      'parsimony.attempt.number': 1,
      'parsimony.attempt.purpose': 'retry',
    });
    expect(failed).toMatchObject({ isError: true, attributes: { 'error.type': '503', 'parsimony.status': 'failed' } });
    expect(whole?.attributes).toMatchObject({
      'parsimony.tenant.id': 'tenant-1',
      'parsimony.team.id': 'team-1',
      'parsimony.requested_model': 'economy',
      'parsimony.cache': 'miss',
      'parsimony.cost_usd': 0.000123,
      'parsimony.saved_usd': 0.000005,
    });
    expect([whole?.isError, retried?.isError]).toEqual([false, false]);
    expect((retried?.endMs ?? 0) - (retried?.startMs ?? 0)).toBe(700);
    expect(receiver.resources[0]).toMatchObject({
      'service.name': 'parsimony',
      'service.instance.id': expect.any(String),
    });
  });

  it('that failed is an error; one that the caller must mend is not', async () => {
    const tracing = start();
    for (const [status, errorCode] of [
      ['failed', 'provider_error'],
      ['refused', 'budget_exceeded'],
    ] as const) {
      const call = aSecretCall();
      const parent = tracing.begin(undefined, call.id);
      tracing.finished(
        aFinishedCall({ ...call, ...(parent && { trace: parent }) }, { status, errorCode, target: null }),
      );
    }
    await tracing[Symbol.asyncDispose]();
    expect(receiver.spans.map(({ name, isError, attributes }) => [name, isError, attributes['error.type']])).toEqual([
      ['chat', true, 'provider_error'],
      ['chat', false, 'budget_exceeded'],
    ]);
  });

  it('shows nothing of what was said, and no tags', async () => {
    await traceOne(start());
    const all = Buffer.concat(receiver.bytes);
    expect(all.length).toBeGreaterThan(500);
    for (const word of ['пароль', SECRET_PROMPT, 'key-1', 'note']) expect(all.includes(word)).toBe(false);
  });

  it('cuts a name that is as long as its caller liked', async () => {
    const tracing = start();
    const call = aSecretCall({ requestedModel: 'ж'.repeat(100_000) });
    const parent = tracing.begin(undefined, call.id);
    tracing.finished(aFinishedCall({ ...call, ...(parent && { trace: parent }) }));
    await tracing[Symbol.asyncDispose]();
    expect(String(receiver.spans[0]?.attributes['parsimony.requested_model'])).toHaveLength(256);
  });
});

describe('a call that is not sampled', () => {
  it('has no spans, but is counted', async () => {
    await traceOne(start({ OTEL_TRACES_SAMPLER_ARG: 0 }));
    expect(receiver.spans).toEqual([]);
    expect(receiver.points.length).toBeGreaterThan(0);
  });
});

describe('metrics', () => {
  it('are the histograms of the GenAI conventions, with their bounds', async () => {
    await traceOne(start());
    const of = (metric: string) => receiver.points.filter((point) => point.metric === metric);
    const common = {
      'gen_ai.operation.name': 'chat',
      'gen_ai.provider.name': 'openai',
      'gen_ai.request.model': 'gpt-4.1-mini',
      'server.address': 'api.openai.com',
      'server.port': 443,
    };
    expect(of('gen_ai.client.operation.duration')).toMatchObject([
      { unit: 's', attributes: { ...common, 'error.type': '503' }, count: 1, sum: 0.7 },
      { unit: 's', attributes: common, count: 1, sum: 0.7 },
    ]);
    const [duration] = of('gen_ai.client.operation.duration');
    expect(duration?.bounds.slice(0, 3)).toEqual([0.01, 0.02, 0.04]);
    // 0.7 s stands between 0.64 and 1.28.
    expect(duration?.counts).toEqual([0, 0, 0, 0, 0, 0, 0, 1, 0, 0, 0, 0, 0, 0, 0]);
    expect(of('gen_ai.client.operation.time_to_first_chunk')).toMatchObject([
      { attributes: common, count: 1, sum: 0.2 },
    ]);
    expect(of('gen_ai.client.token.usage')).toMatchObject([
      { unit: '{token}', attributes: { ...common, 'gen_ai.token.type': 'input' }, count: 1, sum: 125 },
      { unit: '{token}', attributes: { ...common, 'gen_ai.token.type': 'output' }, count: 1, sum: 50 },
    ]);
  });

  it('go out at their interval, and grow from one export to the next', async () => {
    const tracing = start({ OTEL_METRIC_EXPORT_INTERVAL: 50 });
    const call = aSecretCall();
    const count = () => receiver.points.find(({ metric }) => metric === 'gen_ai.client.operation.duration')?.count;
    tracing.attempt(anAttempt(call));
    await expect.poll(count).toBe(1);
    tracing.attempt(anAttempt(call));
    await expect.poll(count).toBe(2);
    await tracing[Symbol.asyncDispose]();
  });

  it('do not grow without end by names that callers make up', async () => {
    const tracing = start({ OTEL_TRACES_SAMPLER_ARG: 0 });
    const call = aSecretCall();
    for (let index = 0; index < 3000; index++) {
      tracing.attempt(anAttempt(call, { target: { provider: 'openai', model: `made-up-${index}`, tier: null } }));
    }
    await tracing[Symbol.asyncDispose]();
    const models = new Set(receiver.points.map(({ attributes }) => attributes['gen_ai.request.model']));
    expect(models.size).toBe(2001);
    expect(models).toContain('other');
  });
});

describe('a collector', () => {
  it('gets the headers that it asks for', async () => {
    await traceOne(start({ OTEL_EXPORTER_OTLP_HEADERS: 'authorization=Bearer%20abc,x-team=a%3Db' }));
    expect(receiver.headers.length).toBe(2);
    for (const headers of receiver.headers) {
      expect(headers).toMatchObject({
        authorization: 'Bearer abc',
        'x-team': 'a=b',
        'content-type': 'application/x-protobuf',
      });
    }
  });

  it('that is away disturbs nobody and does not hold up the end', async () => {
    const tracing = start({ OTEL_METRIC_EXPORT_INTERVAL: 20 });
    await receiver[Symbol.asyncDispose]();
    const call = { ...aSecretCall(), trace: { traceId: TRACE_ID, spanId: SPAN_ID } };
    for (let index = 0; index < 5000; index++) tracing.attempt(anAttempt(call));
    const begun = performance.now();
    await tracing[Symbol.asyncDispose]();
    expect(performance.now() - begun).toBeLessThan(4000);
  });

  it('that refuses what it gets is told of once, and once more when it has recovered and fails again', async () => {
    const faults: unknown[] = [];
    receiver.status = 401;
    const tracing = start({ OTEL_METRIC_EXPORT_INTERVAL: 10 }, faults);
    tracing.attempt(anAttempt(aSecretCall()));
    const requests = () => receiver.headers.length;
    await expect.poll(requests).toBeGreaterThan(3);
    expect(faults).toHaveLength(1);
    receiver.status = 200;
    await expect.poll(() => receiver.points.length).toBeGreaterThan(0);
    receiver.status = 401;
    const before = requests();
    await expect.poll(requests).toBeGreaterThan(before + 2);
    expect(faults).toHaveLength(2);
    await tracing[Symbol.asyncDispose]();
  });
});

it('forgets calls that never end', () => {
  const tracing = start();
  for (let index = 0; index < 25_000; index++) tracing.begin(undefined, `call-${index}-00000000`);
  expect(tracing.openCalls).toBe(10_000);
});
