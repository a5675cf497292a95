import { lookup as systemLookup, type LookupAddress } from 'node:dns';
import { isIP, type LookupFunction } from 'node:net';
import { AddressNotAllowed } from '@parsimony/contract';
import { CidrList, parseAddress } from './cidr-list.js';
import { isPublicAddress } from './public-address.js';

export interface AddressGuardOptions {
  /** Addresses, networks (CIDR) and host names that may be reached although they are not public. */
  readonly allow?: readonly string[];
  /** How names become addresses; the system's resolver unless told. */
  readonly resolve?: LookupFunction;
}

/**
 * Says what may be reached on a tenant's behalf: the Internet, and what the operator allows besides. It has two doors,
 * since a name that was harmless when it was written down may lead inside when it is called (DNS rebinding).
 */
export class AddressGuard {
  readonly #networks: CidrList;
  readonly #hosts: ReadonlySet<string>;
  readonly #resolve: LookupFunction;

  /** @throws InvalidRequest where an entry of `allow` is a network that cannot be read. */
  constructor({ allow = [], resolve = systemLookup }: AddressGuardOptions = {}) {
    const isNetwork = (entry: string): boolean => entry.includes('/') || parseAddress(entry) !== undefined;
    this.#networks = CidrList.parse(allow.filter(isNetwork), 'allow');
    this.#hosts = new Set(allow.filter((entry) => !isNetwork(entry)).map(canonicalHost));
    this.#resolve = resolve;
  }

  allowsAddress(ip: string): boolean {
    return isPublicAddress(ip) || this.#networks.contains(ip);
  }

  /**
   * The door where a URL is written down. A host that is an address is judged here and for good: no connection to one
   * asks a resolver.
   *
   * @param param the field that the URL stands in.
   * @throws AddressNotAllowed
   */
  checkUrl(text: string, param: string): URL {
    const refuse = (reason: string): AddressNotAllowed => new AddressNotAllowed(`${param} ${reason}`, { param });
    if (!URL.canParse(text)) throw refuse('is not a URL');
    const url = new URL(text);
    if (url.protocol !== 'https:' && url.protocol !== 'http:') throw refuse('must begin with https:// or http://');
    if (url.username !== '' || url.password !== '') throw refuse('must not hold a user name or a password');
    const host = canonicalHost(url.hostname);
    if (this.#hosts.has(host)) return url;
    const forbidden = isIP(host) === 0 ? isLoopbackName(host) : !this.allowsAddress(host);
    if (forbidden) throw refuse(`leads to ${host}, which tenants may not make the gateway reach`);
    return url;
  }

  /** The door where a connection is made, for `connect: { lookup }` of undici: every address of the name must be allowed. */
  readonly guardedLookup: LookupFunction = (hostname, options, callback) => {
    this.#resolve(hostname, { ...options, all: true }, (error, found) => {
      // One address for none: a resolver that was not asked for all.
      const addresses: readonly LookupAddress[] = Array.isArray(found) ? found : [];
      const [first] = addresses;
      if (error) return callback(error, []);
      if (!first || !this.#allows(hostname, addresses)) return callback(notAllowed(hostname), []);
      if (options.all) callback(null, [...addresses]);
      else callback(null, first.address, first.family);
    });
  };

  #allows(hostname: string, addresses: readonly LookupAddress[]): boolean {
    return this.#hosts.has(canonicalHost(hostname)) || addresses.every(({ address }) => this.allowsAddress(address));
  }
}

/** Lower case, without an IPv6 literal's brackets and without the dot of the root. */
function canonicalHost(host: string): string {
  return host
    .toLowerCase()
    .replace(/^\[(.*)\]$/, '$1')
    .replace(/\.$/, '');
}

/** RFC 6761, section 6.3: such a name is this machine, whatever a resolver says. */
function isLoopbackName(host: string): boolean {
  return host === '' || host === 'localhost' || host.endsWith('.localhost');
}

function notAllowed(hostname: string): AddressNotAllowed {
  return new AddressNotAllowed(`${hostname} leads to an address that tenants may not make the gateway reach`);
}
