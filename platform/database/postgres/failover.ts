import type pg from 'pg';
import { Unavailable } from '../../errors.ts';

/**
 * The addresses of a connection URI that names several hosts, as libpq takes them: `postgres://h1:5432,h2:5433/db`.
 * A host without a port has the one of the last host with one, or PostgreSQL's own.
 * Source: https://www.postgresql.org/docs/current/libpq-connect.html#LIBPQ-MULTIPLE-HOSTS
 */
export function splitHosts(url: string): string[] {
  const [, before, hosts, after] = /^([a-z]+:\/\/(?:[^@/?]*@)?)([^/?]*)(.*)$/.exec(url) ?? [];
  if (before === undefined || hosts === undefined || after === undefined) return [url];
  const all = hosts.split(',');
  const lastPort = all.findLast((host) => /:\d+$/.test(host))?.replace(/^.*:/, '');
  // Of libpq's own choice of a host nothing is left to do here, and the driver takes it for a setting of the server.
  const rest = after.replace(/([?&])target_session_attrs=[^&]*&?/, '$1').replace(/[?&]$/, '');
  return all.map((host) => {
    const isBare = lastPort !== undefined && !/:\d+$/.test(host);
    return `${before}${isBare ? `${host}:${lastPort}` : host}${rest}`;
  });
}

/** A server answered that takes no writes: a standby, or a primary that was told to rest. */
export class ReadOnlyServer extends Error {
  override name = 'ReadOnlyServer';
}

/** @throws ReadOnlyServer when the server at the other end takes no writes. */
export async function requireWritable(client: pg.ClientBase): Promise<void> {
  const { rows } = await client.query<{ transaction_read_only: string }>('show transaction_read_only');
  if (rows[0]?.transaction_read_only !== 'off') throw new ReadOnlyServer('the server takes no writes');
}

/**
 * Keeps to the one of several servers that takes writes: the one that did so last is asked first. When it is gone, or
 * turns out to be a standby, the next is, and after a fail-over this is how the new primary is found.
 */
export class Failover<Server> {
  readonly #servers: readonly Server[];
  #current = 0;

  constructor(servers: readonly Server[]) {
    this.#servers = servers;
  }

  /**
   * Connects by `connect`, which throws Unavailable to say that another server would be of no use.
   * @throws Unavailable when none of the servers takes writes.
   */
  async connect<Connection>(connect: (server: Server) => Promise<Connection>): Promise<Connection> {
    let cause: unknown;
    for (const _ of this.#servers) {
      const asked = this.#current;
      try {
        return await connect(this.#servers[asked] as Server);
      } catch (error) {
        if (error instanceof Unavailable) throw error;
        cause = error;
        // Whoever failed at the same server at the same time has moved on already.
        if (this.#current === asked) this.#current = (asked + 1) % this.#servers.length;
      }
    }
    const text = cause instanceof Error ? cause.message : String(cause);
    throw new Unavailable(`the database can not be reached: ${text}`, { cause });
  }
}
