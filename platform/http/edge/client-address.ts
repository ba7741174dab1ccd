import { isIPv6 } from 'node:net';
import ipaddr from 'ipaddr.js';

/**
 * The key under which an address is counted. An IPv6 address is counted as its /64 network, because a household owns at
 * least one such network and can use another of its addresses for each request. An IPv4-mapped address is counted as
 * the IPv4 address.
 */
export function addressBucket(address: string): string {
  if (!isIPv6(address)) return address;
  const parsed = ipaddr.IPv6.parse(address);
  if (parsed.isIPv4MappedAddress()) return parsed.toIPv4Address().toString();
  return `${parsed.parts
    .slice(0, 4)
    .map((part) => part.toString(16))
    .join(':')}::/64`;
}
