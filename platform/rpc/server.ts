import { Unauthenticated } from '../errors.ts';
import { createServer, type Server } from '../http/server.ts';
import type { Logger } from '../telemetry/log.ts';
import type { Answers, Calls } from './call.ts';
import { tokenCheck } from './service-token.ts';

/** A set of 500 sessions or steps is some 50 kB; a page of 1,000 records some 150 kB. */
const maxBodyBytes = 1024 * 1024;

/** What is asked by those who only start and balance processes. */
const open = ['/health', '/ready'];

/** The server of the internal port: whoever asks there must know the service token. Health needs none. */
export function createInternalServer(log: Logger, serviceToken: string): Server {
  const server = createServer(log, { maxBodyBytes, isInternal: true });
  const isAccepted = tokenCheck(serviceToken);
  server.addHook('onRequest', async (request) => {
    // By the route that was found, not by the address as it was written: `/%69nternal/pay` is `/internal/pay`.
    if (open.includes(request.routeOptions.url ?? '')) return;
    if (!isAccepted(request.headers.authorization)) {
      throw new Unauthenticated('The service token is missing or wrong.');
    }
  });
  return server;
}

/** Answers calls on a server, each by `POST` at its path. */
export function answerCalls<Of extends Calls>(server: Server, calls: Of, answers: Answers<Of>): void {
  for (const [name, { path, asked }] of Object.entries(calls)) {
    const answer = answers[name] as (asked: unknown) => Promise<unknown>;
    server.post(path, { schema: { body: asked } }, async (request, reply) => {
      return reply.type('application/json; charset=utf-8').send(await answer(request.body));
    });
  }
}
