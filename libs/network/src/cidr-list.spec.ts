import { InvalidRequest } from '@parsimony/contract';
import { describe, expect, it } from 'vitest';
import { CidrList } from './cidr-list.js';

describe('CidrList', () => {
  const list = CidrList.parse(['10.1.0.0/16', '192.0.2.7', '2001:db8:5::/48', '::1']);

  it.each(['10.1.0.0', '10.1.255.255', '192.0.2.7', '2001:db8:5:1::9', '::1', '0:0:0:0:0:0:0:1', '::ffff:10.1.2.3'])(
    'holds %s',
    (ip) => expect(list.contains(ip)).toBe(true),
  );

  it.each(['10.2.0.0', '192.0.2.8', '2001:db8:6::1', '::2', '::ffff:10.2.0.0', '', 'localhost', '10.1', '0x0a010000'])(
    'does not hold %j',
    (ip) => expect(list.contains(ip)).toBe(false),
  );

  it('holds a link-local address whatever its zone', () => {
    expect(CidrList.parse(['fe80::/10']).contains('fe80::1%eth0')).toBe(true);
  });

  it('takes a network with host bits, and the whole of a family', () => {
    expect(CidrList.parse(['10.1.2.3/16']).contains('10.1.9.9')).toBe(true);
    expect(CidrList.parse(['0.0.0.0/0']).contains('203.0.113.9')).toBe(true);
    expect(CidrList.parse(['0.0.0.0/0']).contains('2001:db8::1')).toBe(false);
  });

  it('is empty, and then holds nothing', () => {
    expect(CidrList.parse([]).isEmpty).toBe(true);
    expect(list.isEmpty).toBe(false);
    expect(CidrList.parse([]).contains('10.1.2.3')).toBe(false);
  });

  it.each([
    '10.1.0.0/33',
    '10.1.0.0/-1',
    '10.1.0.0/',
    '10.1.0.0/8/8',
    '10.1/16',
    '010.1.0.0/16',
    '2001:db8::/129',
    'fe80::1%eth0/64',
    'example.org',
    '',
    '10.1.0.0/ 8',
  ])('refuses %j and names its place', (entry) => {
    const parse = (): unknown => CidrList.parse(['10.0.0.0/8', entry], 'allowedAddresses');
    expect(parse).toThrow(InvalidRequest);
    expect(parse).toThrow(expect.objectContaining({ param: 'allowedAddresses[1]' }));
  });
});
