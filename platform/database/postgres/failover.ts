import type pg from 'pg';
import { Unavailable } from '../../errors.ts';

/**
 * Splits a connection URI with several hosts, in libpq's format, into one URI for each:
 * `postgres://h1:5432,h2:5433/db`. A host without a port gets the port of the last host that has one, or PostgreSQL's
 * default.
 * Source: https://www.postgresql.org/docs/current/libpq-connect.html#LIBPQ-MULTIPLE-HOSTS
 */
export function splitHosts(url: string): string[] {
  const [, before, hosts, after] = /^([a-z]+:\/\/(?:[^@/?]*@)?)([^/?]*)(.*)$/.exec(url) ?? [];
  if (before === undefined || hosts === undefined || after === undefined) return [url];
  const all = hosts.split(',');
  const lastPort = all.findLast((host) => /:\d+$/.test(host))?.replace(/^.*:/, '');
  // Removes an option of libpq: `Failover` chooses the host itself, and the driver would send the option to the server
  // as a setting.
  const rest = after.replace(/([?&])target_session_attrs=[^&]*&?/, '$1').replace(/[?&]$/, '');
  return all.map((host) => {
    const isBare = lastPort !== undefined && !/:\d+$/.test(host);
    return `${before}${isBare ? `${host}:${lastPort}` : host}${rest}`;
  });
}

/** Thrown when the server is read-only: a standby, or a primary in read-only mode. */
export class ReadOnlyServer extends Error {
  override name = 'ReadOnlyServer';
}

/** @throws ReadOnlyServer when the server is read-only. */
export async function requireWritable(client: pg.ClientBase): Promise<void> {
  const { rows } = await client.query<{ transaction_read_only: string }>('show transaction_read_only');
  if (rows[0]?.transaction_read_only !== 'off') throw new ReadOnlyServer('the server is read-only');
}

/**
 * Finds the writable server among several. It tries the last writable server first. When that server is unreachable or
 * read-only, it tries the next ones, and so finds the new primary after a fail-over.
 */
export class Failover<Server> {
  readonly #servers: readonly Server[];
  #current = 0;

  constructor(servers: readonly Server[]) {
    this.#servers = servers;
  }

  /**
   * Connects to the first writable server.
   * @param connect connects to a server. It throws Unavailable when trying another server would not help.
   * @throws Unavailable when no server is writable.
   */
  async connect<Connection>(connect: (server: Server) => Promise<Connection>): Promise<Connection> {
    let cause: unknown;
    for (const _ of this.#servers) {
      const index = this.#current;
      try {
        return await connect(this.#servers[index] as Server);
      } catch (error) {
        if (error instanceof Unavailable) throw error;
        cause = error;
        // Another caller that failed at the same server may already have selected the next one.
        if (this.#current === index) this.#current = (index + 1) % this.#servers.length;
      }
    }
    const text = cause instanceof Error ? cause.message : String(cause);
    throw new Unavailable(`the database is unreachable: ${text}`, { cause });
  }
}
