import { Type } from 'typebox';
import { problem, sendProblem } from './problem-details.ts';
import type { Server } from './server.ts';

/**
 * Adds `GET /health`, which reports whether the process is up, and `GET /ready`: whether it accepts requests.
 * Both ignore an unavailable participant: otherwise the load balancer would remove every replica, although each still
 * accepts bookings, which wait for the participant.
 */
export function healthRoutes(server: Server, isReady: () => boolean): void {
  const Status = Type.Object({ status: Type.Literal('OK') });
  server.get('/health', { schema: { response: { 200: Status } } }, async () => ({ status: 'OK' as const }));
  server.get('/ready', { schema: { response: { 200: Status } } }, async (_request, reply) => {
    // Sent without an exception: exceptions are logged, and a probe repeats all the time.
    if (!isReady()) return sendProblem(reply.header('retry-after', '1'), problem(503, 'This process is stopping.'));
    return { status: 'OK' as const };
  });
}
