import { once } from 'node:events';
import { createServer, type AddressInfo, type LookupFunction } from 'node:net';
import { connect } from 'node:net';
import { AddressNotAllowed, InvalidRequest } from '@parsimony/contract';
import { describe, expect, it } from 'vitest';
import { AddressGuard } from './address-guard.js';

const guard = new AddressGuard();

/** A resolver that gives one list of addresses after the other, the last one for ever. */
function resolverOf(...answers: readonly (readonly string[])[]): LookupFunction {
  let asked = 0;
  return (_, __, callback) => {
    const answer = answers[Math.min(asked++, answers.length - 1)] ?? [];
    callback(
      null,
      answer.map((address) => ({ address, family: address.includes(':') ? 6 : 4 })),
    );
  };
}

function lookUp(by: AddressGuard, host: string, all: boolean): Promise<unknown> {
  return new Promise((resolve, reject) => {
    by.guardedLookup(host, { all }, (error, address) => (error ? reject(error) : resolve(address)));
  });
}

describe('checkUrl', () => {
  it.each([
    'https://api.example.org/v1',
    'http://203.0.112.9:8000/v1',
    'https://[2606:4700::1111]/v1',
    'https://пример.рф/v1',
    'https://localhost.example.org',
  ])('lets %s pass', (url) => {
    expect(guard.checkUrl(url, 'baseUrl').href).toBe(new URL(url).href);
  });

  it.each([
    ['loopback', 'http://127.0.0.1/'],
    ['loopback of another number', 'http://127.8.9.1/'],
    ['loopback of IPv6', 'http://[::1]/'],
    ['loopback with the dot of the root', 'http://127.0.0.1./'],
    ['loopback as one number', 'http://2130706433/'],
    ['loopback in octal', 'http://0177.0.0.1/'],
    ['loopback in hexadecimal', 'http://0x7f.1/'],
    ['loopback as one hexadecimal number', 'http://0x7f000001/'],
    ['loopback in full-width digits', 'http://１２７.０.０.１/'],
    ['loopback percent-encoded', 'http://%31%32%37.0.0.1/'],
    ['this machine by name', 'http://localhost:4000/'],
    ['this machine by a longer name', 'http://Api.LocalHost./'],
    ['private, 10/8', 'https://10.0.0.8/'],
    ['private, 172.16/12', 'https://172.31.255.255/'],
    ['private, 192.168/16', 'https://192.168.1.1/'],
    ['metadata of a cloud', 'http://169.254.169.254/latest/meta-data/'],
    ['metadata of a cloud over IPv6', 'http://[fd00:ec2::254]/'],
    ['the host of an Azure machine', 'http://168.63.129.16/'],
    ['link-local of IPv6', 'http://[fe80::1]/'],
    ['shared, CGNAT', 'http://100.100.100.200/'],
    ['unique-local', 'http://[fc00::1]/'],
    ['site-local', 'http://[fec0::1]/'],
    ['multicast', 'http://224.0.0.1/'],
    ['multicast of IPv6', 'http://[ff02::1]/'],
    ['broadcast', 'http://255.255.255.255/'],
    ['unspecified', 'http://0.0.0.0/'],
    ['unspecified as a number', 'http://0/'],
    ['unspecified of IPv6', 'http://[::]/'],
    ['documentation', 'http://192.0.2.1/'],
    ['reserved', 'http://240.0.0.1/'],
    ['IPv4 mapped', 'http://[::ffff:127.0.0.1]/'],
    ['IPv4 mapped, of the Internet', 'http://[::ffff:8.8.8.8]/'],
    ['IPv4 compatible', 'http://[::7f00:1]/'],
    ['NAT64', 'http://[64:ff9b::10.0.0.1]/'],
    ['NAT64 of a local prefix', 'http://[64:ff9b:1::10.0.0.1]/'],
    ['6to4', 'http://[2002:a00:1::]/'],
    ['Teredo', 'http://[2001:0:4136:e378:8000:63bf:3fff:fdd2]/'],
    ['a file', 'file:///etc/passwd'],
    ['gopher', 'gopher://example.org/'],
    ['a user name', 'https://user@example.org/'],
    ['a password', 'https://:secret@example.org/'],
    ['another host behind a user name', 'https://api.openai.com@169.254.169.254/'],
    ['no URL', 'example.org'],
    ['nothing', ''],
  ])('refuses %s: %s', (_, url) => {
    expect(() => guard.checkUrl(url, 'baseUrl')).toThrow(AddressNotAllowed);
    expect(() => guard.checkUrl(url, 'baseUrl')).toThrow(expect.objectContaining({ param: 'baseUrl' }));
  });

  it('never repeats a password', () => {
    expect(() => guard.checkUrl('https://u:hunter2@example.org/', 'baseUrl')).toThrow(/^(?!.*hunter2)/);
  });

  it('lets pass what the operator allows, and no more', () => {
    const opened = new AddressGuard({ allow: ['10.20.0.0/16', 'fd00:1::/32', 'localhost', 'VLLM.internal.'] });
    for (const url of ['http://10.20.3.4/', 'http://[fd00:1::8]/', 'http://localhost:8000/', 'http://vllm.internal/'])
      expect(opened.checkUrl(url, 'baseUrl').href).toBe(url);
    for (const url of ['http://10.21.0.1/', 'http://127.0.0.1/', 'http://api.localhost/'])
      expect(() => opened.checkUrl(url, 'baseUrl')).toThrow(AddressNotAllowed);
  });

  it('refuses a network that cannot be read when it is made', () => {
    expect(() => new AddressGuard({ allow: ['10.0.0.0/99'] })).toThrow(InvalidRequest);
  });
});

describe('guardedLookup', () => {
  it.each([true, false])("refuses this machine by the system's own resolver (all: %s)", async (all) => {
    await expect(lookUp(guard, 'localhost', all)).rejects.toBeInstanceOf(AddressNotAllowed);
  });

  it('gives all addresses or the first one, as it was asked', async () => {
    const open = new AddressGuard({ resolve: resolverOf(['203.0.112.9', '2606:4700::1111']) });
    expect(await lookUp(open, 'api.example.org', false)).toBe('203.0.112.9');
    expect(await lookUp(open, 'api.example.org', true)).toEqual([
      { address: '203.0.112.9', family: 4 },
      { address: '2606:4700::1111', family: 6 },
    ]);
  });

  it.each([
    ['the first', ['10.0.0.1', '203.0.112.9']],
    ['the last', ['203.0.112.9', '::1']],
    ['a mapped one', ['203.0.112.9', '::ffff:169.254.169.254']],
    ['none at all', []],
  ])('refuses a name where one of its addresses leads inside: %s', async (_, addresses) => {
    const rebound = new AddressGuard({ resolve: resolverOf(addresses) });
    await expect(lookUp(rebound, 'api.example.org', true)).rejects.toBeInstanceOf(AddressNotAllowed);
    await expect(lookUp(rebound, 'api.example.org', false)).rejects.toBeInstanceOf(AddressNotAllowed);
  });

  it('is not fooled by a name that was harmless the first time (DNS rebinding)', async () => {
    const rebound = new AddressGuard({ resolve: resolverOf(['203.0.112.9'], ['127.0.0.1']) });
    rebound.checkUrl('https://rebind.example.org', 'baseUrl');
    expect(await lookUp(rebound, 'rebind.example.org', false)).toBe('203.0.112.9');
    await expect(lookUp(rebound, 'rebind.example.org', false)).rejects.toBeInstanceOf(AddressNotAllowed);
  });

  it('hands on what the resolver fails with', async () => {
    await expect(lookUp(guard, 'no-such-host.invalid', true)).rejects.toMatchObject({ syscall: 'getaddrinfo' });
  });

  it('stands in a real connection: an allowed host is reached, another is not', async () => {
    const server = createServer((socket) => socket.end()).listen(0, '127.0.0.1');
    await once(server, 'listening');
    const { port } = server.address() as AddressInfo;
    try {
      const allowed = new AddressGuard({ allow: ['127.0.0.0/8', '::1'] });
      const reached = connect({ port, host: 'localhost', lookup: allowed.guardedLookup });
      await once(reached, 'connect');
      reached.destroy();
      const refused = connect({ port, host: 'localhost', lookup: guard.guardedLookup });
      const [error] = (await once(refused, 'error')) as [unknown];
      expect(error).toBeInstanceOf(AddressNotAllowed);
    } finally {
      server.close();
    }
  });
});
