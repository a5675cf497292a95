import { describe, expect, it } from 'vitest';
import { RequestFrames } from './request-frames.js';

const request = (body: string) =>
  Buffer.from(`POST /v1/x HTTP/1.1\r\nhost: a\r\nContent-Length: ${Buffer.byteLength(body)}\r\n\r\n${body}`);

describe('RequestFrames', () => {
  it('finds the same bodies wherever the bytes are cut', () => {
    const bytes = Buffer.concat([request('{"a":"да"}'), request(''), request('{"b":1}')]);
    for (let cut = 0; cut <= bytes.length; cut++) {
      const frames = new RequestFrames();
      expect([...frames.push(bytes.subarray(0, cut)), ...frames.push(bytes.subarray(cut))]).toEqual([
        '{"a":"да"}',
        '',
        '{"b":1}',
      ]);
    }
  });
});
