import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { Pool } from 'undici';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { completeCall } from './complete-call.js';

let server: Server;
let pool: Pool;

beforeAll(async () => {
  server = createServer((request, response) => {
    response.writeHead(request.url === '/refused' ? 500 : 200);
    if (request.url === '/cut') {
      response.write('data: 1\n\n');
      response.destroy();
    } else if (request.url === '/pieces') {
      for (const piece of ['a'.repeat(9_000), '[DO', 'NE]', '\n\n']) response.write(piece);
      response.end();
    } else response.end(request.url === '/unfinished' ? 'data: 1\n\n' : 'data: 1\n\ndata: [DONE]\n\n');
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  pool = new Pool(`http://127.0.0.1:${(server.address() as AddressInfo).port}`, { connections: 1 });
});
afterAll(async () => {
  await pool.destroy();
  await new Promise((resolve) => server.close(resolve));
});

it.each([
  ['/whole', true],
  ['/pieces', true],
  ['/refused', false],
  ['/unfinished', false],
  ['/cut', false],
])('%s is complete: %s', async (path, complete) => {
  expect(await completeCall(pool, { path, headers: {}, body: '{}' }, '[DONE]')).toBe(complete);
});

it('is no where nobody listens', async () => {
  const nowhere = new Pool('http://127.0.0.1:1');
  expect(await completeCall(nowhere, { path: '/', headers: {}, body: '{}' }, 'x')).toBe(false);
  await nowhere.destroy();
});
