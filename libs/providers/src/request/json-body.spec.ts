import type { ChatBody, ChatCall } from '@parsimony/contract';
import { aCall } from '@parsimony/testkit';
import { describe, expect, it } from 'vitest';
import { asksForUsage, jsonBody, type Changes } from './json-body.js';

/** The bytes that go to a provider which wants to be asked for the usage. */
function requestBody(call: ChatCall, model: string): Buffer {
  return jsonBody(call, model, { usageOption: true });
}

/** A call whose body came as these bytes. */
function received(json: string, changes: Partial<ChatCall> = {}): ChatCall {
  const body = JSON.parse(json) as ChatBody;
  return aCall({ stream: body.stream === true, body, received: { bytes: Buffer.from(json), body }, ...changes });
}

/** Another body by the same caller, as a layer makes it. */
function changed(call: ChatCall, changes: Partial<ChatBody>): ChatCall {
  return { ...call, body: { ...call.body, ...changes } };
}

const ODD =
  '{ "model":"m",  "messages": [ {"role":"user","content":"caf\\u00e9 \\ud83d\\ude00"} ],"seed": 12345678901234567890,' +
  '"temperature":0.10, "top_p":1.0,"bias":-0,"later_parameter":{"nested":[1.50,9007199254740993]} }';

describe('jsonBody', () => {
  it("is the caller's own bytes, uncopied, where nothing changed", () => {
    const call = received(ODD);
    expect(requestBody(call, 'm')).toBe(call.received?.bytes);
  });

  it('takes bytes that are no Buffer', () => {
    const bytes = new Uint8Array(Buffer.from(`xx${ODD}xx`)).subarray(2, 2 + Buffer.byteLength(ODD));
    const call = received(ODD);
    expect(requestBody({ ...call, received: { bytes, body: call.body } }, 'm').toString()).toBe(ODD);
  });

  it("names the model as the provider does, and leaves every other member's bytes alone", () => {
    const sent = requestBody(received(ODD), 'renamed').toString();
    expect(sent).toBe(
      '{"model":"renamed","messages": [ {"role":"user","content":"caf\\u00e9 \\ud83d\\ude00"} ],"seed": 12345678901234567890,' +
        '"temperature":0.10,"top_p":1.0,"bias":-0,"later_parameter":{"nested":[1.50,9007199254740993]}}',
    );
  });

  it('writes anew only what a layer replaced, also where the value is an equal copy of another', () => {
    const call = changed(received(ODD), { temperature: 0.2, messages: [{ role: 'user', content: 'Short.' }] });
    const sent = requestBody(call, 'm').toString();
    expect(sent).toContain('"temperature":0.2,');
    expect(sent).toContain('"messages":[{"role":"user","content":"Short."}]');
    for (const kept of [
      '"seed": 12345678901234567890',
      '"top_p":1.0',
      '"bias":-0',
      '"later_parameter":{"nested":[1.50,9007199254740993]}',
    ])
      expect(sent).toContain(kept);
  });

  it('sends what a layer added, and not what it took out', () => {
    const call = changed(received(ODD), { max_tokens: 5, seed: undefined });
    const { later_parameter: _, ...body } = call.body;
    const sent: unknown = JSON.parse(requestBody({ ...call, body }, 'm').toString());
    expect(sent).toMatchObject({ model: 'm', max_tokens: 5, bias: -0 });
    expect(sent).not.toHaveProperty('later_parameter');
    expect(sent).not.toHaveProperty('seed');
  });

  it('sends one member of a name that came twice: the one that the gateway has read', () => {
    const json = '{"model":"m","messages":[],"max_tokens":99999,"max_tokens":1}';
    const sent = requestBody(received(json), 'other').toString();
    expect(sent.match(/max_tokens/g)).toHaveLength(1);
    expect(sent).toContain('"max_tokens":1');
  });

  it('keeps a member named __proto__', () => {
    const json = '{"model":"m","messages":[],"__proto__":{"a":0.10}}';
    expect(requestBody(received(json), 'n').toString()).toBe('{"model":"n","messages":[],"__proto__":{"a":0.10}}');
  });

  it('asks for the usage of a stream', () => {
    const sent = requestBody(received('{"model":"m","messages":[],"stream":true,"top_p":1.0}'), 'm').toString();
    expect(sent).toBe('{"model":"m","messages":[],"stream":true,"top_p":1.0,"stream_options":{"include_usage":true}}');
  });

  it.each([
    ['{"include_obfuscation":false}', { include_obfuscation: false, include_usage: true }],
    ['{"include_usage":false}', { include_usage: true }],
    ['{"include_usage":null,"x":[1]}', { include_usage: true, x: [1] }],
    ['null', { include_usage: true }],
    ['[]', { include_usage: true }],
  ])('asks for it beside what the caller asked: stream_options %s', (options, expected) => {
    const call = received(`{"model":"m","messages":[],"stream":true,"stream_options":${options}}`);
    expect(JSON.parse(requestBody(call, 'm').toString())).toHaveProperty('stream_options', expected);
  });

  it("leaves the caller's own wish for the usage alone, and does not ask where nothing streams", () => {
    const asking = received('{"model":"m","messages":[],"stream":true,"stream_options":{"include_usage":true }}');
    expect(requestBody(asking, 'm')).toBe(asking.received?.bytes);
    const whole = received('{"model":"m","messages":[]}');
    expect(requestBody(whole, 'm')).toBe(whole.received?.bytes);
  });

  it('writes the whole body of a call that came by another protocol', () => {
    const call = aCall({ stream: true, body: { model: 'a', messages: [{ role: 'user', content: 'é' }] } });
    expect(requestBody(call, 'b').toString()).toBe(
      '{"model":"b","messages":[{"role":"user","content":"é"}],"stream_options":{"include_usage":true}}',
    );
  });
});

describe('a provider with rules of its own', () => {
  const call = received('{"model":"m","messages":[],"stream":true,"seed": 7,"top_p":1.0}');

  it('is not asked for the usage where it gives it unasked', () => {
    expect(jsonBody(call, 'm', { usageOption: false })).toBe(call.received?.bytes);
  });

  it('gets members by its own names, and every other one as it came', () => {
    const adapt = (): Changes => ({ seed: undefined, random_seed: 7 });
    const sent = jsonBody(call, 'm', { usageOption: false, adapt }).toString();
    expect(sent).toBe('{"model":"m","messages":[],"stream":true,"top_p":1.0,"random_seed":7}');
  });
});

describe('asksForUsage', () => {
  it.each([
    [{ include_usage: true }, true],
    [{ include_usage: 'true' }, false],
    [{}, false],
    [null, false],
    [[true], false],
  ])('stream_options %j: %s', (stream_options, asks) => {
    expect(asksForUsage({ model: 'm', messages: [], stream_options })).toBe(asks);
  });
});
