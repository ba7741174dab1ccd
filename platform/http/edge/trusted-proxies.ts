import { isIP } from 'node:net';
import { compile } from '@fastify/proxy-addr';
import { makeValidator } from 'envalid';

/** Whether forwarded headers from an address are trusted. */
export type Trust = (address: string, hop: number) => boolean;

const names = new Set(['loopback', 'linklocal', 'uniquelocal']);

/**
 * A comma-separated list of trusted addresses and ranges: `10.1.2.3`, `10.0.0.0/8`, `fd00::/8`, or a name: `loopback`,
 * `linklocal`, `uniquelocal` (all private networks).
 */
export const trustProxy = makeValidator<Trust>((text) => {
  const ranges = text.split(',').map((range) => range.trim());
  try {
    // The library also accepts a plain number as an address.
    if (!ranges.every((range) => names.has(range) || isIP(range.split('/', 1)[0] ?? ''))) throw new Error('no address');
    return compile(ranges);
  } catch {
    const wanted = 'must be addresses or ranges such as 10.1.2.3, 10.0.0.0/8 or loopback, separated by commas';
    throw new Error(`${wanted}, not ${JSON.stringify(text)}`);
  }
});
