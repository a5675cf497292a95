import { InvalidRequest } from '@parsimony/contract';
import ipaddr from 'ipaddr.js';

type Network = readonly [ipaddr.IPv4 | ipaddr.IPv6, number];

/** Addresses and networks (CIDR, RFC 4632 and RFC 4291), of both families. */
export class CidrList {
  private constructor(private readonly networks: readonly Network[]) {}

  /**
   * @param entries such as `10.1.0.0/16`, `2001:db8::/32` or one address.
   * @param param the field that the entries stand in, for the error.
   * @throws InvalidRequest that names the entry which is neither an address nor a network.
   */
  static parse(entries: readonly string[], param?: string): CidrList {
    return new CidrList(
      entries.map((entry, index) => {
        const network = networkOf(entry);
        if (network) return network;
        const options = param === undefined ? {} : { param: `${param}[${index}]` };
        throw new InvalidRequest(`${JSON.stringify(entry)} is neither an IP address nor a network`, options);
      }),
    );
  }

  get isEmpty(): boolean {
    return this.networks.length === 0;
  }

  /** @param ip an address as text; an IPv4 address mapped into IPv6 counts as the IPv4 address. What is no address is in no list. */
  contains(ip: string): boolean {
    const address = parseAddress(ip);
    return (
      address !== undefined &&
      this.networks.some(([network, bits]) => network.kind() === address.kind() && address.match(network, bits))
    );
  }
}

/** An address in its plain spelling only; undefined for decimal, octal or hexadecimal ones, which libraries read differently. */
export function parseAddress(text: string): ipaddr.IPv4 | ipaddr.IPv6 | undefined {
  if (ipaddr.IPv4.isValidFourPartDecimal(text)) return ipaddr.IPv4.parse(text);
  // A zone (`fe80::1%eth0`) says by which interface of this machine, and is no part of the address.
  const plain = text.split('%', 1)[0] ?? text;
  if (!ipaddr.IPv6.isValid(plain)) return undefined;
  const address = ipaddr.IPv6.parse(plain);
  return address.isIPv4MappedAddress() ? address.toIPv4Address() : address;
}

function networkOf(entry: string): Network | undefined {
  const [text = '', length] = entry.split('/');
  const address = parseAddress(text);
  if (!address || text.includes('%')) return undefined;
  const longest = address.kind() === 'ipv4' ? 32 : 128;
  if (length === undefined) return entry.includes('/') ? undefined : [address, longest];
  if (entry.split('/').length > 2 || !/^\d{1,3}$/.test(length) || Number(length) > longest) return undefined;
  return [address, Number(length)];
}
