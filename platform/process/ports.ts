import { once } from 'node:events';
import { createServer } from 'node:net';

/**
 * Whether a port can be listened on. It is asked before a database is opened or made, which takes seconds.
 * @throws the system's error: `EADDRINUSE` when someone listens on it, others when the host is no address of this machine.
 */
export async function requireFree(port: number, host: string): Promise<void> {
  const server = createServer().listen(port, host);
  await once(server, 'listening');
  server.close();
  await once(server, 'close');
}

/** The port if it is free on this machine, else 0, which stands for any that is. */
export async function freeOrAny(port: number): Promise<number> {
  try {
    await requireFree(port, '127.0.0.1');
    return port;
  } catch {
    return 0;
  }
}
