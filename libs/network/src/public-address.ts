import ipaddr from 'ipaddr.js';

/** What the Internet is reached by: every other range of the IANA registries for special purposes is named by ipaddr.js. */
const GLOBAL_UNICAST_V6: [ipaddr.IPv6, number] = [ipaddr.IPv6.parse('2000::'), 3];
/** Public by its number, but answered by the Azure host itself to machines that run there (Azure documentation, "What is IP address 168.63.129.16?"). */
const AZURE_HOST = '168.63.129.16';

/**
 * Whether an address belongs to the Internet. Loopback, private, link-local, shared (CGNAT), unique-local, multicast and
 * unspecified ones do not, and neither do IPv6 addresses that carry an IPv4 one (mapped, NAT64, 6to4, Teredo): what they
 * lead to is for a translator on the way to say.
 */
export function isPublicAddress(ip: string): boolean {
  if (ipaddr.IPv4.isValidFourPartDecimal(ip)) return ip !== AZURE_HOST && ipaddr.IPv4.parse(ip).range() === 'unicast';
  if (!ipaddr.IPv6.isValid(ip)) return false;
  const address = ipaddr.IPv6.parse(ip);
  return address.range() === 'unicast' && address.match(GLOBAL_UNICAST_V6);
}
