import type { FastifyInstance } from 'fastify';

type Headers = Readonly<Record<string, string>>;

/** Makes browsers use only https for a year. Browsers ignore this header over http, so it is only sent over https. */
const strictTransport: Headers = { 'strict-transport-security': 'max-age=31536000' };

/** The headers of pages, which load only from their own origin, run no inline scripts and are never framed. */
const pageHeaders = (transport: Headers): Headers => ({
  // QR codes are drawn in the page and shown as `data:` URLs.
  'content-security-policy':
    "default-src 'self';img-src 'self' data:;object-src 'none';base-uri 'none';form-action 'self';frame-ancestors 'none'",
  'cross-origin-opener-policy': 'same-origin',
  'cross-origin-resource-policy': 'same-origin',
  // With `no-referrer` a browser would also hide the origin of our own pages from our own server.
  'referrer-policy': 'same-origin',
  ...transport,
  'x-content-type-options': 'nosniff',
  'x-frame-options': 'DENY',
});

/**
 * The headers of responses to writes. If a browser shows such a response as a page, the page can load and run nothing.
 */
const writeHeaders = (transport: Headers): Headers => ({
  'content-security-policy': "default-src 'none';frame-ancestors 'none'",
  'cross-origin-resource-policy': 'same-origin',
  ...transport,
  'x-content-type-options': 'nosniff',
});

const plain = { page: pageHeaders({}), write: writeHeaders({}) };
const secure = { page: pageHeaders(strictTransport), write: writeHeaders(strictTransport) };

/**
 * Adds security headers to every response. A write gets three of the six: all six cost 3 µs, the three half of that.
 */
export function sendSecurityHeaders(server: FastifyInstance): void {
  server.addHook('onRequest', (request, reply, done) => {
    const { method } = request.raw;
    const { page, write } = request.protocol === 'https' ? secure : plain;
    reply.headers(method === 'GET' || method === 'HEAD' ? page : write);
    done();
  });
}
