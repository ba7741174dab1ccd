import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { pipeline } from 'node:stream/promises';
import { Agent, type Dispatcher } from 'undici';
import { NotFound, OutcomeUnknown, Unavailable } from '../../platform/errors.ts';
import { capConnections, httpOptions, patience } from '../../platform/http/edge/connection-limits.ts';
import type { Edge } from '../../platform/http/edge/edge.ts';
import { type Problem, problemOf, problemType } from '../../platform/http/problem-details.ts';
import { answerUnreadable } from '../../platform/http/server.ts';
import type { Logger } from '../../platform/telemetry/log.ts';
import { withForwarded } from './forwarded.ts';
import { endToEnd } from './headers.ts';
import type { Replica, Replicas } from './replicas.ts';
import type { Upstream } from './upstreams.ts';

export interface GatewayParts {
  readonly replicas: Replicas;
  readonly agent: Agent;
  readonly log: Logger;
  /** Finds the service for a URL. Without one the response is 404. */
  readonly upstreamOf: (url: string) => Upstream | undefined;
  /** The address of a replica: its public or its internal port. */
  readonly urlOf: (replica: Replica) => string;
  /** Edge protection of a public gateway. With it, the replicas get the client's address in `X-Forwarded-*`. */
  readonly edge?: Pick<Edge, 'trust' | 'connections'>;
}

/** The time after which a silent event stream is broken, in milliseconds: three of its heartbeats. */
const silentMs = 30_000;

/**
 * Opens the pool of keep-alive connections to the replicas. A response must begin within `waitMs`. Once it has begun,
 * it may take any time, as long as no pause exceeds the body timeout.
 */
export function openAgent(waitMs: number): Agent {
  return new Agent({ connect: { timeout: 1_000 }, headersTimeout: waitMs, bodyTimeout: Math.max(waitMs, silentMs) });
}

/** The methods that change nothing: their requests may be repeated at another replica. */
const repeatable = ['GET', 'HEAD', 'OPTIONS'];

/** The connection errors that mean that nothing has reached the replica. */
const refused = ['ECONNREFUSED', 'UND_ERR_CONNECT_TIMEOUT', 'EADDRNOTAVAIL'];

/**
 * Forwards each request to a replica of its service and streams the response back unchanged. A replica that refuses the
 * connection is skipped. When a replica closes the connection before it responds, a request that changes nothing is
 * repeated at another replica; any other request ends with 504, because it may have been carried out.
 */
export function createGateway(parts: GatewayParts): Server {
  const server = createServer({ ...httpOptions, keepAliveTimeout: 72_000 }, (request, response) => {
    response.on('error', () => {});
    // While the server closes, each connection ends with its current request.
    if (!server.listening) response.setHeader('connection', 'close');
    answer(parts, request, response).catch((error) => {
      const sent = problemOf(error, request.method ?? 'GET');
      if (sent.status >= 500) parts.log.warn({ err: error, path: pathOf(request) }, sent.detail);
      if (!response.headersSent) sendProblem(response, sent, error);
    });
  });
  server.timeout = patience.connectionTimeout;
  server.on('clientError', answerUnreadable);
  if (parts.edge?.connections) capConnections(server, parts.edge.connections, parts.edge.trust);
  return server;
}

/** The path for the log, without the query, which may hold secrets. */
const pathOf = ({ url = '' }: IncomingMessage) => url.split('?', 1)[0];

async function answer(parts: GatewayParts, request: IncomingMessage, response: ServerResponse): Promise<void> {
  const { url = '', method } = request;
  if (method === 'GET' && url === '/health') return sendStatus(response);
  if (method === 'GET' && url === '/ready') {
    if (!parts.replicas.areReady) throw new Unavailable('a service has no ready replica');
    return sendStatus(response);
  }
  const upstream = parts.upstreamOf(url);
  if (upstream === undefined) throw new NotFound(`There is nothing at ${url.slice(0, 100)}.`);
  const gone = new AbortController();
  response.on('close', () => gone.abort());
  const found = await askInTurn(parts, upstream, request, gone.signal);
  if (found === undefined) return;
  response.writeHead(found.statusCode, found.statusText, endToEnd(found.headers as unknown as string[]));
  // Fails when the replica closes the connection or the client has gone. In both cases the response ends here.
  await pipeline(found.body, response).catch(() => {});
}

/** Tries the replicas in turn until one answers. @returns undefined when the client has gone. */
async function askInTurn(
  { replicas, agent, urlOf, edge }: GatewayParts,
  upstream: Upstream,
  request: IncomingMessage,
  signal: AbortSignal,
): Promise<Dispatcher.ResponseData | undefined> {
  const body = hasBody(request) ? new LazyBody(request) : null;
  const mayRepeat = body === null && repeatable.includes(request.method ?? '');
  const passedOn = endToEnd(request.rawHeaders);
  const headers = edge === undefined ? passedOn : withForwarded(request, passedOn, edge.trust);
  const candidates = replicas.inTurn(upstream.service);
  let failure: unknown;
  for (const [tried, replica] of candidates.entries()) {
    try {
      const found = await agent.request({
        origin: urlOf(replica),
        path: upstream.url,
        method: request.method as Dispatcher.HttpMethod,
        headers,
        body: body as never,
        responseHeaders: 'raw',
        signal,
      });
      const isLast = tried === candidates.length - 1;
      if (found.statusCode !== 503 || !mayRepeat || isLast) return found;
      await found.body.dump();
    } catch (error) {
      if (signal.aborted) return undefined;
      failure = error;
      const isRefused = !body?.isBegun && refused.includes((error as NodeJS.ErrnoException).code ?? '');
      if (isRefused) replicas.passOver(replica);
      else if (!mayRepeat) throw new OutcomeUnknown('the replica did not answer', { cause: error });
    }
  }
  throw new Unavailable('no replica accepted the request', { cause: failure });
}

function hasBody({ headers }: IncomingMessage): boolean {
  return headers['transfer-encoding'] !== undefined || Number(headers['content-length'] ?? 0) > 0;
}

/**
 * A request body that is read only once a connection is open. After a refused connection, the body is still complete.
 */
class LazyBody {
  readonly #request: IncomingMessage;
  isBegun = false;

  constructor(request: IncomingMessage) {
    this.#request = request;
  }

  async *[Symbol.asyncIterator](): AsyncGenerator<Buffer> {
    this.isBegun = true;
    yield* this.#request;
  }
}

function sendStatus(response: ServerResponse): void {
  response.setHeader('content-type', 'application/json; charset=utf-8').end(JSON.stringify({ status: 'OK' }));
}

function sendProblem(response: ServerResponse, sent: Problem, error: unknown): void {
  if (sent.status === 503 && error instanceof Unavailable) response.setHeader('retry-after', String(error.retryAfterS));
  response.writeHead(sent.status, { 'content-type': problemType }).end(JSON.stringify(sent));
}
