import { describe, expect, it } from 'vitest';
import { qdrantAddress } from './qdrant-address.js';

describe('qdrantAddress', () => {
  it.each([
    ['http://localhost:6333', { url: 'http://localhost', port: 6333 }],
    ['http://qdrant', { url: 'http://qdrant', port: 6333 }],
    ['https://qdrant.example:443/', { url: 'https://qdrant.example', port: 443 }],
    ['http://qdrant.example:80', { url: 'http://qdrant.example', port: 80 }],
    ['https://example.com:8443/vectors/', { url: 'https://example.com', port: 8443, prefix: '/vectors' }],
    ['http://[::1]:7000', { url: 'http://[::1]', port: 7000 }],
  ])('takes %s apart', (text, address) => {
    expect(qdrantAddress(text)).toEqual(address);
  });

  it.each(['', 'localhost:6333', 'ftp://qdrant', 'http://'])('refuses %j', (text) => {
    expect(() => qdrantAddress(text)).toThrow(RangeError);
  });
});
