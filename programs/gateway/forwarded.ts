import type { IncomingMessage } from 'node:http';
import type { Trust } from '../../platform/http/edge/trusted-proxies.ts';

/** What says for whom, and over what, a request was passed on. Others than these are not read by the services. */
const names = new Set(['forwarded', 'x-forwarded-for', 'x-forwarded-proto', 'x-forwarded-host', 'x-real-ip']);
/** What says which trace a request is part of, and that it is to be followed (W3C Trace Context). */
const traceNames = new Set(['traceparent', 'tracestate']);

/**
 * The headers of a request with what the services have to know of whoever sent it: `X-Forwarded-For`, `-Proto` and
 * `-Host`. What the sender says of that is dropped, unless it is a proxy that is trusted: then its word is passed on, and
 * the proxy's own address added. So the services may trust this gateway, and whoever it trusts. With traces it is the
 * same: a stranger who names one would have everything followed.
 * @param headers names and values in turn.
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
