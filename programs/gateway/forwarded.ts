import type { IncomingMessage } from 'node:http';
import type { Trust } from '../../platform/http/edge/trusted-proxies.ts';

/** The headers that describe the original client. The services read no others. */
const names = new Set(['forwarded', 'x-forwarded-for', 'x-forwarded-proto', 'x-forwarded-host', 'x-real-ip']);
/** The headers that make a request part of a trace and ask for its sampling (W3C Trace Context). */
const traceNames = new Set(['traceparent', 'tracestate']);

/**
 * Adds `X-Forwarded-For`, `-Proto` and `-Host` to a request's headers. Forwarded headers from a trusted proxy are
 * extended with the proxy's address; those from any other sender are dropped, which lets the services trust the gateway.
 * Trace headers, too, are passed on only from trusted proxies: otherwise any client could have all its requests
 * sampled.
 * @param headers alternating names and values.
 */
export function withForwarded(
  request: IncomingMessage,
  headers: readonly string[],
  trust: Trust | undefined,
): string[] {
  const sender = request.socket.remoteAddress ?? '';
  const isTrusted = trust?.(sender, 0) === true;
  const said = (name: string) => (isTrusted ? [request.headers[name] ?? []].flat().join(', ') : '');
  const chain = said('x-forwarded-for');
  const isPassedOn = (name: string) => !names.has(name) && (isTrusted || !traceNames.has(name));
  return [
    ...headers.filter((_, at) => isPassedOn(headers[at - (at % 2)]?.toLowerCase() ?? '')),
    ...['X-Forwarded-For', chain === '' ? sender : `${chain}, ${sender}`],
    ...['X-Forwarded-Proto', said('x-forwarded-proto') || 'http'],
    ...['X-Forwarded-Host', said('x-forwarded-host') || (request.headers.host ?? '')],
  ];
}
