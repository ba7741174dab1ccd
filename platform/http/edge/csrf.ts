import type { FastifyInstance } from 'fastify';
import { Forbidden } from '../../errors.ts';

/** The parts of a request that show its origin. */
export interface Asking {
  readonly method: string;
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
  readonly protocol: string;
  readonly host: string;
}

const reading = new Set(['GET', 'HEAD', 'OPTIONS']);

/**
 * Whether a page of another site may have made a browser send this request. A browser adds a person's cookies to any
 * request. It names the site of the page in headers that scripts cannot set: `Sec-Fetch-Site` on secure connections
 * (https or localhost), and `Origin` with every write. Other clients send neither header, and only their own cookies.
 *
 * A browser sends a `Bearer` token only when a script sets it, and on a page of another site the script needs CORS for
 * that. So a request with a token and without a cookie is safe from any page.
 * @param allowed other origins that may write, as browsers spell them: `https://example.org`.
 * Source of the checks and their order: https://words.filippo.io/csrf/
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

/** Rejects cross-site writes, before the body is read and before the session is looked up. */
export function refuseCrossSite(server: FastifyInstance, origins: readonly string[]): void {
  const allowed = new Set(origins);
  server.addHook('onRequest', (request, _reply, done) => {
    if (!isCrossSite(request, allowed)) return done();
    done(new Forbidden('Cross-site writes are not allowed. Nothing was changed.'));
  });
}
