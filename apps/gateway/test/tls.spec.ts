import { copyFile, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { connect } from 'node:tls';
import { fileURLToPath } from 'node:url';
import { Agent, request } from 'undici';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { RealGateway } from './real-gateway.js';

const FIXTURES = fileURLToPath(new URL('fixtures/tls', import.meta.url));

let folder: string;
let real: RealGateway;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'parsimony-tls-'));
  await take('first');
  const tls = { certificate: join(folder, 'cert.pem'), key: join(folder, 'key.pem') };
  real = await RealGateway.start({}, {}, { tls });
});
afterAll(async () => {
  await real[Symbol.asyncDispose]();
  await rm(folder, { recursive: true, force: true });
});

/** Puts a certificate and its key where the gateway reads them. */
async function take(name: string): Promise<void> {
  await copyFile(join(FIXTURES, `${name}.key.pem`), join(folder, 'key.pem'));
  await copyFile(join(FIXTURES, `${name}.cert.pem`), join(folder, 'cert.pem'));
}

/** The name that the gateway's certificate bears. @throws what the handshake fails with. */
function handshake(maxVersion: 'TLSv1.1' | 'TLSv1.3' = 'TLSv1.3'): Promise<string> {
  const { port } = new URL(real.url);
  return new Promise((resolve, reject) => {
    const options = { port: Number(port), host: '127.0.0.1', rejectUnauthorized: false, ciphers: 'DEFAULT@SECLEVEL=0' };
    const socket = connect({ ...options, minVersion: 'TLSv1', maxVersion }, () => {
      resolve(String(socket.getPeerCertificate().subject.CN));
      socket.end();
    });
    socket.once('error', reject);
  });
}

describe('over TLS', () => {
  it('answers calls, and tells browsers to stay with it', async () => {
    await using agent = closing(new Agent({ connect: { rejectUnauthorized: false } }));
    const answer = await request(`${real.url}/v1/chat/completions`, {
      method: 'POST',
      dispatcher: agent.agent,
      headers: { authorization: `Bearer ${real.secret}`, 'content-type': 'application/json' },
      body: JSON.stringify({ model: 'economy', messages: [{ role: 'user', content: 'x' }], max_tokens: 5 }),
    });
    expect(answer.statusCode).toBe(200);
    await answer.body.dump();
    const health = await request(`${real.url}/healthz`, { dispatcher: agent.agent });
    expect(health.headers['strict-transport-security']).toMatch(/^max-age=\d+/);
    await health.body.dump();
  });

  it('speaks no plain HTTP and no old version', async () => {
    await expect(fetch(real.url.replace('https:', 'http:'))).rejects.toThrow();
    await expect(handshake('TLSv1.1')).rejects.toThrow(/alert|version|protocol/i);
  });

  it('takes up a renewed certificate without a restart', async () => {
    expect(await handshake()).toBe('first.parsimony.test');
    await take('second');
    await expect.poll(() => handshake(), { timeout: 25_000, interval: 500 }).toBe('second.parsimony.test');
  }, 40_000);
});

function closing(agent: Agent): AsyncDisposable & { readonly agent: Agent } {
  return { agent, [Symbol.asyncDispose]: () => agent.close() };
}
