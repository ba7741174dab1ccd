import { isIP } from 'node:net';
import { compile } from '@fastify/proxy-addr';
import { makeValidator } from 'envalid';

/** Whether what somebody at an address says of whom they speak for is believed. */
export type Trust = (address: string, hop: number) => boolean;

const names = new Set(['loopback', 'linklocal', 'uniquelocal']);

/**
 * Addresses and ranges of those who may speak for others, divided by commas: `10.1.2.3`, `10.0.0.0/8`, `fd00::/8`, or
 * one of the names `loopback`, `linklocal` and `uniquelocal` (all private networks).
 */
export const trustProxy = makeValidator<Trust>((text) => {
  const ranges = text.split(',').map((range) => range.trim());
  try {
    // The library takes a mere number for an address, too.
    if (!ranges.every((range) => names.has(range) || isIP(range.split('/', 1)[0] ?? ''))) throw new Error('no address');
    return compile(ranges);
  } catch {
    const wanted = 'must be addresses or ranges such as 10.1.2.3, 10.0.0.0/8 or loopback, divided by commas';
    throw new Error(`${wanted}, not ${JSON.stringify(text)}`);
  }
});
