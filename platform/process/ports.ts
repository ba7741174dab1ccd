import { once } from 'node:events';
import { createServer } from 'node:net';

/**
 * Checks that a port is free. Call this before opening or creating a database, which takes seconds.
 * @throws the system's error: `EADDRINUSE` when the port is in use, other codes when the host is not an address of this
 * machine.
 */
export async function requireFree(port: number, host: string): Promise<void> {
  const server = createServer().listen(port, host);
  await once(server, 'listening');
  server.close();
  await once(server, 'close');
}

/** Returns the port if it is free on this machine, otherwise 0, which means any free port. */
export async function freeOrAny(port: number): Promise<number> {
  try {
    await requireFree(port, '127.0.0.1');
    return port;
  } catch {
    return 0;
  }
}
