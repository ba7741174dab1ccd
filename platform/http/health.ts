import { Type } from 'typebox';
import { problem, sendProblem } from './problem-details.ts';
import type { Server } from './server.ts';

/**
 * `GET /health`: the process is up. `GET /ready`: it accepts requests. A participant that is away changes neither.
 * Otherwise every replica would leave the load balancer, although bookings are still accepted and wait.
 */
export function healthRoutes(server: Server, isReady: () => boolean): void {
  const Status = Type.Object({ status: Type.Literal('OK') });
  server.get('/health', { schema: { response: { 200: Status } } }, async () => ({ status: 'OK' as const }));
  server.get('/ready', { schema: { response: { 200: Status } } }, async (_request, reply) => {
    // Not thrown, because errors are logged and probes repeat.
    if (!isReady()) return sendProblem(reply.header('retry-after', '1'), problem(503, 'This process is stopping.'));
    return { status: 'OK' as const };
  });
}
