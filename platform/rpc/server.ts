import { Unauthenticated } from '../errors.ts';
import { createServer, type Server } from '../http/server.ts';
import type { Logger } from '../telemetry/log.ts';
import type { Answers, Calls } from './call.ts';
import { tokenCheck } from './service-token.ts';

/** The maximum size of a body. A batch of 500 sessions or steps takes about 50 kB, 1,000 records about 150 kB. */
const maxBodyBytes = 1024 * 1024;

/** Health checks of orchestrators and load balancers need no token. */
const publicPaths = ['/health', '/ready'];

/** Creates the server of the internal port. Every request except health checks needs the service token. */
export function createInternalServer(log: Logger, serviceToken: string): Server {
  const server = createServer(log, { maxBodyBytes, isInternal: true });
  const isAccepted = tokenCheck(serviceToken);
  server.addHook('onRequest', async (request) => {
    // Compares the matched route, because a URL has several spellings: `/%69nternal/pay` is `/internal/pay`.
    if (publicPaths.includes(request.routeOptions.url ?? '')) return;
    if (!isAccepted(request.headers.authorization)) {
      throw new Unauthenticated('The service token is missing or wrong.');
    }
  });
  return server;
}

/** Adds a route `POST path` for each call. */
export function answerCalls<Of extends Calls>(server: Server, calls: Of, answers: Answers<Of>): void {
  for (const [name, { path, asked }] of Object.entries(calls)) {
    const answer = answers[name] as (asked: unknown) => Promise<unknown>;
    server.post(path, { schema: { body: asked } }, async (request, reply) => {
      return reply.type('application/json; charset=utf-8').send(await answer(request.body));
    });
  }
}
