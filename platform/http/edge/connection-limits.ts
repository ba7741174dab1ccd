import type { Server, ServerOptions } from 'node:http';
import { addressBucket } from './client-address.ts';
import type { Trust } from './trusted-proxies.ts';

/**
 * The time-outs of a connection, in milliseconds: 10 s for the headers of a request, 30 s for the whole request, and
 * two minutes without traffic, twice the longest wait for a booking. The first two are checked every second, so that
 * the connections of slow clients are soon freed.
 */
export const patience = {
  headersTimeout: 10_000,
  requestTimeout: 30_000,
  connectionTimeout: 120_000,
  connectionsCheckingInterval: 1_000,
} as const;

/**
 * The maximum number of connections that wait to be accepted; the system's `net.core.somaxconn` may lower it. When a
 * sale opens, thousands of connections arrive within one turn of the event loop. With Node's default of 511 the system
 * drops those beyond that number, and a dropped client retries only after a second.
 */
export const backlog = 4_096;

/** The maximum size of the request headers, in bytes. A browser sends about a tenth of that. */
const maxHeaderSize = 16 * 1024;

/** The options of Node's HTTP server that Fastify does not pass on to it. */
export const httpOptions: ServerOptions = {
  headersTimeout: patience.headersTimeout,
  requestTimeout: patience.requestTimeout,
  connectionsCheckingInterval: patience.connectionsCheckingInterval,
  maxHeaderSize,
};

/** The maximum numbers of open connections. */
export interface ConnectionCaps {
  readonly total: number;
  /** The limit for each IPv4 address or IPv6 /64 network. Trusted proxies are exempt. */
  readonly perAddress: number;
}

/** Closes connections beyond the caps before reading them: a flood from one address does not block other clients. */
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
