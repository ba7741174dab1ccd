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
  /** Where a request is for; nothing when it is for nobody. */
  readonly upstreamOf: (url: string) => Upstream | undefined;
  /** Which of a replica's ports it goes to. */
  readonly urlOf: (replica: Replica) => string;
  /** Who gets in, where anyone may ask: then the replicas are told of whoever asks. */
  readonly edge?: Pick<Edge, 'trust' | 'connections'>;
}

/** Three signs of life of a stream of events: one that is silent for longer is broken. In milliseconds. */
const silentMs = 30_000;

/**
 * The connections to the replicas. They are kept; `waitMs` is the longest that an answer may take to begin. One that has
 * begun may take as long as it likes, if only something of it comes from time to time.
 */
export function openAgent(waitMs: number): Agent {
  return new Agent({ connect: { timeout: 1_000 }, headersTimeout: waitMs, bodyTimeout: Math.max(waitMs, silentMs) });
}

/** Requests that change nothing, so that another replica may be asked after one that gave no answer. */
const repeatable = ['GET', 'HEAD', 'OPTIONS'];

/** With these nothing has reached the replica. */
const refused = ['ECONNREFUSED', 'UND_ERR_CONNECT_TIMEOUT', 'EADDRNOTAVAIL'];

/**
 * A server that passes each request on to a replica of its service, and the answer back, as they come: nothing of them
 * is changed or held back. A replica that refuses the connection is passed over. Where one broke off, a request that
 * changes nothing is asked again elsewhere; any other ends as 504, because nobody knows whether it was carried out.
 */
export function createGateway(parts: GatewayParts): Server {
  const server = createServer({ ...httpOptions, keepAliveTimeout: 72_000 }, (request, response) => {
    response.on('error', () => {});
    // So that no connection outlives the server for longer than its request.
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

/** What a log may say of where a request was for: its query may hold what is nobody's business. */
const pathOf = ({ url = '' }: IncomingMessage) => url.split('?', 1)[0];

async function answer(parts: GatewayParts, request: IncomingMessage, response: ServerResponse): Promise<void> {
  const { url = '', method } = request;
  if (method === 'GET' && url === '/health') return sendStatus(response);
  if (method === 'GET' && url === '/ready') {
    if (!parts.replicas.areReady) throw new Unavailable('a service has no replica that is ready');
    return sendStatus(response);
  }
  const upstream = parts.upstreamOf(url);
  if (upstream === undefined) throw new NotFound(`There is nothing at ${url.slice(0, 100)}.`);
  const gone = new AbortController();
  response.on('close', () => gone.abort());
  const found = await askInTurn(parts, upstream, request, gone.signal);
  if (found === undefined) return;
  response.writeHead(found.statusCode, found.statusText, endToEnd(found.headers as unknown as string[]));
  // Where the replica breaks off, so does the answer; and whoever asked may have gone.
  await pipeline(found.body, response).catch(() => {});
}

/** Asks one replica after the other until there is an answer to pass on; nothing when whoever asked has gone. */
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
      else if (!mayRepeat) throw new OutcomeUnknown('the replica gave no answer', { cause: error });
    }
  }
  throw new Unavailable('no replica takes the request', { cause: failure });
}

function hasBody({ headers }: IncomingMessage): boolean {
  return headers['transfer-encoding'] !== undefined || Number(headers['content-length'] ?? 0) > 0;
}

/** A request's body that is left alone until it is read: a refused connection then leaves it whole for the next. */
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
