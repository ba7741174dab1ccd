import type { FastifyInstance } from 'fastify';
import { Forbidden } from '../../errors.ts';

/** What a request says of where it comes from, and by which address it reached us. */
export interface Asking {
  readonly method: string;
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
  readonly protocol: string;
  readonly host: string;
}

const reading = new Set(['GET', 'HEAD', 'OPTIONS']);

/**
 * Whether a browser may have been made to send this by a page of somebody else. A browser sends a person's cookies
 * along with whatever a page asks it to, and says in headers that no page can set whose page that was:
 * `Sec-Fetch-Site` where the connection is safe (https, or this machine), and `Origin` with every write. Other clients
 * send neither, and have no cookies but those of whoever runs them.
 *
 * A `Bearer` token is never sent by a browser unless a script puts it there, which on another site takes CORS; so with
 * a token, and no cookie beside it, it does not matter whose page it is.
 * @param allowed origins that may write here as well: `https://example.org`, as browsers write them.
 * Source: https://words.filippo.io/csrf/, whose order of questions this is.
 */
export function isCrossSite(asking: Asking, allowed: ReadonlySet<string>): boolean {
  if (reading.has(asking.method)) return false;
  const { origin, 'sec-fetch-site': site, authorization, cookie } = asking.headers;
  if (origin === undefined && site === undefined) return false;
  if (typeof origin === 'string' && allowed.has(origin)) return false;
  if (cookie === undefined && /^Bearer ./i.test(String(authorization ?? ''))) return false;
  if (site !== undefined) return site !== 'same-origin' && site !== 'none';
  return origin !== `${asking.protocol}://${asking.host}`.toLowerCase();
}

/** Refuses writes that pages of other origins make browsers send, before anything of them is read or looked up. */
export function refuseCrossSite(server: FastifyInstance, origins: readonly string[]): void {
  const allowed = new Set(origins);
  server.addHook('onRequest', (request, _reply, done) => {
    if (!isCrossSite(request, allowed)) return done();
    done(new Forbidden('A page on another site can not write here. Nothing was changed.'));
  });
}
