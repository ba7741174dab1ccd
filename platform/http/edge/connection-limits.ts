import type { Server, ServerOptions } from 'node:http';
import { addressBucket } from './client-address.ts';
import type { Trust } from './trusted-proxies.ts';

/**
 * How long somebody may take, in milliseconds. Whoever connects has 10 s to send the headers of a request (nothing at
 * all counts as well) and 30 s for all of it; one who reads no answer for two minutes, twice what a booking may wait, is
 * gone. The first two are looked after every second, so that slow clients hold no place for long.
 */
export const patience = {
  headersTimeout: 10_000,
  requestTimeout: 30_000,
  connectionTimeout: 120_000,
  connectionsCheckingInterval: 1_000,
} as const;

/**
 * How many connections may wait to be accepted, as far as the system allows (`net.core.somaxconn`). At the opening of a
 * sale thousands come within a turn of the event loop. Beyond Node's own 511 the system drops them, and whoever was
 * dropped asks again only after a whole second.
 */
export const backlog = 4_096;

/** The longest headers that are read, in bytes. Ours and a browser's are a tenth of it. */
const maxHeaderSize = 16 * 1024;

/** What Node's HTTP server is told beyond what Fastify passes on. */
export const httpOptions: ServerOptions = {
  headersTimeout: patience.headersTimeout,
  requestTimeout: patience.requestTimeout,
  connectionsCheckingInterval: patience.connectionsCheckingInterval,
  maxHeaderSize,
};

/** How many connections are open at once. */
export interface ConnectionCaps {
  readonly total: number;
  /** From one address, of IPv6 from one network of 64 bits. Those who are trusted to speak for others are exempt. */
  readonly perAddress: number;
}

/**
 * Closes connections beyond the caps before anything of them is read: a flood from some addresses leaves the places of
 * all others alone.
 */
export function capConnections(server: Server, { total, perAddress }: ConnectionCaps, trust?: Trust): void {
  server.maxConnections = total;
  const open = new Map<string, number>();
  server.on('connection', (socket) => {
    const { remoteAddress } = socket;
    if (remoteAddress === undefined || trust?.(remoteAddress, 0)) return;
    const address = addressBucket(remoteAddress);
    const count = (open.get(address) ?? 0) + 1;
    if (count > perAddress) return void socket.destroy();
    open.set(address, count);
    socket.once('close', () => {
      const left = (open.get(address) ?? 1) - 1;
      if (left === 0) open.delete(address);
      else open.set(address, left);
    });
  });
}
