import { describe, expect, it } from 'vitest';
import { RequestFrames } from './request-frames.js';

const request = (path: string, body: string) =>
  Buffer.from(`POST ${path} HTTP/1.1\r\nhost: a\r\nContent-Length: ${Buffer.byteLength(body)}\r\n\r\n${body}`);

describe('RequestFrames', () => {
  it('finds the same requests wherever the bytes are cut', () => {
    const bytes = Buffer.concat([
      request('/v1/x', '{"a":"да"}'),
      request('/v1/y', ''),
      request('/v1/x?z=1', '{"b":1}'),
    ]);
    for (let cut = 0; cut <= bytes.length; cut++) {
      const frames = new RequestFrames();
      expect([...frames.push(bytes.subarray(0, cut)), ...frames.push(bytes.subarray(cut))]).toEqual([
        { path: '/v1/x', body: '{"a":"да"}' },
        { path: '/v1/y', body: '' },
        { path: '/v1/x?z=1', body: '{"b":1}' },
      ]);
    }
  });
});
