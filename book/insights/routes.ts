import type { FastifyRequest } from 'fastify';
import type { Person } from '../../contracts/auth/calls.ts';
import * as routes from '../../contracts/book/saga-figures-routes.ts';
import { Forbidden } from '../../platform/errors.ts';
import { route } from '../../platform/http/route.ts';
import type { Server } from '../../platform/http/server.ts';
import type { Sessions } from '../../platform/http/sessions.ts';
import type { EventStream } from '../../platform/live/response-stream.ts';
import { type EventStreams, eventFrame } from '../../platform/live/sse.ts';
import type { Logger } from '../../platform/telemetry/log.ts';
import { pause, type World } from '../../platform/world.ts';
import type { SagaFigures } from './saga-figures.ts';

export interface SagaRoutes {
  readonly figures: SagaFigures;
  readonly streams: EventStreams;
  readonly sessions: Sessions<Person>;
  readonly world: World;
  readonly log: Logger;
}

/** The interval at which viewers receive figures, in milliseconds. */
const everyMs = 1_000;

/** Routes that show admins how the saga runs. */
export function sagaRoutes(server: Server, { figures, streams, sessions, world, log }: SagaRoutes): void {
  const viewers = new Set<EventStream>();
  let isSending = false;

  route(server, routes.showSaga, async (request) => {
    await requireAdmin(request);
    return figures.read();
  });

  route(server, routes.watchSaga, async (request, reply) => {
    await requireAdmin(request);
    const stream = streams.open(request, reply, async () => (await sessions.of(request))?.role === 'admin');
    viewers.add(stream);
    stream.onEnd(() => viewers.delete(stream));
    if (!isSending) void sendAll();
    return reply;
  });

  /** Sends figures to all viewers, with one read a second, until the last viewer leaves. */
  async function sendAll(): Promise<void> {
    isSending = true;
    while (viewers.size > 0) {
      try {
        const data = await figures.read();
        const frame = eventFrame({ event: 'saga', data });
        for (const stream of viewers) stream.send(frame);
      } catch (err) {
        log.warn({ err }, 'could not read the figures of the saga; retrying in 1 s');
      }
      await pause(world, everyMs);
    }
    isSending = false;
  }

  async function requireAdmin(request: FastifyRequest): Promise<void> {
    const { role } = await sessions.require(request);
    if (role !== 'admin') throw new Forbidden('Only an admin can see how the saga runs.');
  }
}
