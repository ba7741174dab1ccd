import { isIPv6 } from 'node:net';
import ipaddr from 'ipaddr.js';

/**
 * What an address counts as, where somebody's use or failures are counted by it. An IPv6 address counts as its network
 * of 64 bits, the least that a household has: it could use another address for each request. One that stands for an
 * IPv4 address counts as that.
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
