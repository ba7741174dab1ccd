import { Type } from 'typebox';
import { Unavailable } from './errors.ts';
import type { Server } from './http.ts';

/**
 * `GET /health`: the process is up. `GET /ready`: it may be sent requests. A participant that is away changes neither:
 * with it every replica would leave the load balancer, although bookings are taken in and wait.
 */
export function healthRoutes(server: Server, isReady: () => boolean): void {
  const Status = Type.Object({ status: Type.Literal('OK') });
  server.get('/health', { schema: { response: { 200: Status } } }, async () => ({ status: 'OK' as const }));
  server.get('/ready', { schema: { response: { 200: Status } } }, async () => {
    if (!isReady()) throw new Unavailable('not ready');
    return { status: 'OK' as const };
  });
}
