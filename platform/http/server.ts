import { isUtf8 } from 'node:buffer';
import { type IncomingMessage, type ServerResponse, STATUS_CODES } from 'node:http';
import type { Socket } from 'node:net';
import cookie from '@fastify/cookie';
import type { TypeBoxTypeProvider } from '@fastify/type-provider-typebox';
import { Ajv } from 'ajv';
import fastify, { type FastifyBaseLogger, type FastifyInstance, LogController, type RawServerDefault } from 'fastify';
import type { Logger } from 'pino';
import type { TSchema } from 'typebox';
import { InvalidInput } from '../errors.ts';
import { realWorld, type World } from '../world.ts';
import { httpOptions, patience } from './edge/connection-limits.ts';
import { type Edge, protectEdge } from './edge/edge.ts';
import { answerError, type Problem, problem, problemType, sendProblem } from './problem-details.ts';
import { traceRequests } from './request-tracing.ts';

/** A server whose routes are typed by their TypeBox schemas. */
export type Server = FastifyInstance<
  RawServerDefault,
  IncomingMessage,
  ServerResponse,
  FastifyBaseLogger,
  TypeBoxTypeProvider
>;

/** The default limit of a request body. Public routes need a few hundred bytes. */
const usualBodyBytes = 64 * 1024;

export interface ServerParts {
  readonly maxBodyBytes?: number;
  /** True for a server that only other services call: its requests join traces but start none. */
  readonly isInternal?: boolean;
  /** The protection of a public server. */
  readonly edge?: Edge | undefined;
  readonly world?: World;
}

/** Creates a server without routes: bodies are always JSON, schemas are strict, errors are problem details. */
export function createServer(log: Logger, parts: ServerParts = {}): Server {
  const { maxBodyBytes = usualBodyBytes, isInternal = false, edge, world = realWorld() } = parts;
  const server = fastify({
    loggerInstance: log as FastifyBaseLogger,
    logController: new LogController({ disableRequestLogging: true }),
    // A child logger for each request costs 1 % of a booking. Only traced requests get one, for their trace id.
    childLoggerFactory: (logger) => logger,
    bodyLimit: maxBodyBytes,
    // An id in a path has at most 16 digits.
    routerOptions: { maxParamLength: 100 },
    ...patience,
    http: httpOptions,
    trustProxy: edge?.trust ?? false,
    // A stop closes idle connections and finishes requests in progress.
    forceCloseConnections: 'idle',
    return503OnClosing: false,
    frameworkErrors: (error, request, reply) => void answerError(error, request, reply),
    clientErrorHandler: answerUnreadable,
  }).withTypeProvider<TypeBoxTypeProvider>();
  traceRequests(server, isInternal);
  parseJsonBodies(server);
  validateStrictly(server);
  // `JSON.stringify` keeps the order of fields: a serializer compiled from a schema would put optional fields last.
  server.setSerializerCompiler(() => (answer) => JSON.stringify(answer));
  answerUnknown(server);
  server.setErrorHandler(answerError);
  server.register(cookie);
  if (edge) protectEdge(server, edge, world);
  return server as unknown as Server;
}

/**
 * Reads every body as JSON, regardless of its `Content-Type`: `curl -d` labels JSON as a form. The header is removed
 * first, because Fastify rejects a header that is not a media type. A body with a key such as `__proto__` is rejected.
 */
function parseJsonBodies(server: FastifyInstance): void {
  const parse = server.getDefaultJsonParser('error', 'error');
  server.removeAllContentTypeParsers();
  server.addHook('onRequest', (request, _reply, done) => {
    delete request.headers['content-type'];
    done();
  });
  server.addContentTypeParser('*', { parseAs: 'buffer' }, (request, body, done) => {
    const bytes = body as Buffer;
    if (bytes.length === 0) return done(null, undefined);
    if (!isUtf8(bytes)) return done(new InvalidInput('The body is not UTF-8.'));
    parse(request, bytes.toString(), (error, parsed) => {
      if (error !== null)
        done(new InvalidInput('The body is not valid JSON, or contains a forbidden key such as __proto__.'));
      else done(null, parsed);
    });
  });
}

/**
 * Validates requests without coercing values or dropping fields: `"4"` is not 4, and an unknown field is an error.
 * Values of paths and queries are text, so integers in them are parsed first.
 */
function validateStrictly(server: FastifyInstance): void {
  // `1e400` parses as Infinity, which passes as an integer unless numbers are strict.
  const ajv = new Ajv({ useDefaults: true, verbose: true, strict: false, strictNumbers: true });
  server.setValidatorCompiler<TSchema>(({ schema, httpPart }) => {
    const validate = ajv.compile(schema);
    if (httpPart === 'body') return validate;
    return (texts: Record<string, unknown>) => {
      const value = readIntegers(schema, texts);
      return validate(value) ? { value } : { error: validate.errors ?? [] };
    };
  });
}

/** The only accepted form of an integer: not `0x10`, `1e2` or `1.0`. */
const digits = /^(0|-?[1-9]\d{0,15})$/;

/** Parses the fields that are integers in the schema. A malformed integer stays text and then fails validation. */
function readIntegers(schema: TSchema, texts: Record<string, unknown>): Record<string, unknown> {
  const { properties = {} } = schema as { properties?: Record<string, { type?: unknown }> };
  const read = (name: string, text: unknown) =>
    properties[name]?.type === 'integer' && typeof text === 'string' && digits.test(text) ? Number(text) : text;
  return Object.fromEntries(Object.entries(texts).map(([name, text]) => [name, read(name, text)]));
}

/**
 * Answers malformed requests, oversized headers and requests that time out. The error is not logged, because it
 * contains the bytes received, which may include a password.
 */
export function answerUnreadable(error: NodeJS.ErrnoException, socket: Socket): void {
  if (error.code === 'ECONNRESET' || socket.destroyed) return;
  const sent = unreadable(error.code);
  const body = JSON.stringify(sent);
  if (socket.writable) {
    socket.write(
      `HTTP/1.1 ${sent.status} ${STATUS_CODES[sent.status]}\r\nconnection: close\r\n` +
        `content-type: ${problemType}\r\ncontent-length: ${Buffer.byteLength(body)}\r\n\r\n${body}`,
    );
  }
  socket.destroy();
}

function unreadable(code: string | undefined): Problem {
  if (code === 'ERR_HTTP_REQUEST_TIMEOUT') return problem(408, 'The request did not arrive in time.');
  if (code === 'HPE_HEADER_OVERFLOW') return problem(431, 'The headers are too large.');
  return problem(400, 'This is not an HTTP request.');
}

/** The methods of each registered path. */
class Addresses {
  readonly #taken = new Map<string, { pattern: RegExp; methods: Set<string> }>();

  add(url: string, methods: readonly string[]): void {
    // The catch-all route of the pages is not a path with methods.
    if (url === '/*') return;
    const parts = url.split('/').map((part) => (part.startsWith(':') ? '[^/]+' : RegExp.escape(part)));
    const pattern = new RegExp(`^${parts.join('/')}$`);
    const address = this.#taken.get(url) ?? { pattern, methods: new Set() };
    for (const method of methods) address.methods.add(method);
    this.#taken.set(url, address);
  }

  methodsOf(path: string): string[] {
    const addresses = [...this.#taken.values()].filter(({ pattern }) => pattern.test(path));
    return [...new Set(addresses.flatMap(({ methods }) => [...methods]))];
  }
}

/** Answers 404 for unknown paths, and 405 with `Allow` for known paths with another method. */
function answerUnknown(server: FastifyInstance): void {
  const addresses = new Addresses();
  server.addHook('onRoute', ({ url, method }) => addresses.add(url, [method].flat()));
  server.setNotFoundHandler((request, reply) => {
    const path = request.url.split('?', 1)[0] ?? request.url;
    const allow = addresses.methodsOf(path).join(', ');
    if (allow === '') return sendProblem(reply, problem(404, `There is nothing at ${path}.`));
    return sendProblem(reply.header('allow', allow), problem(405, `This path accepts ${allow}.`));
  });
}
