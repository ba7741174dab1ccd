import { isUtf8 } from 'node:buffer';
import type { IncomingMessage, ServerResponse } from 'node:http';
import cookie from '@fastify/cookie';
import type { TypeBoxTypeProvider } from '@fastify/type-provider-typebox';
import { Ajv } from 'ajv';
import fastify, { type FastifyBaseLogger, type FastifyInstance, type RawServerDefault } from 'fastify';
import type { Logger } from 'pino';
import { InvalidInput } from './errors.ts';
import { answerError, problem, sendProblem } from './problem.ts';

/** A server whose routes are typed by their TypeBox schemas. */
export type Server = FastifyInstance<
  RawServerDefault,
  IncomingMessage,
  ServerResponse,
  FastifyBaseLogger,
  TypeBoxTypeProvider
>;

/** The largest body that is read, in bytes. No route takes more than a few hundred. */
const maxBodyBytes = 64 * 1024;

/** A server without routes: JSON bodies whatever their content type, strict schemas, problems for errors. */
export function createServer(log: Logger): Server {
  const server = fastify({
    loggerInstance: log as FastifyBaseLogger,
    disableRequestLogging: true,
    bodyLimit: maxBodyBytes,
    // An id in the path is at most 16 digits long; a longer part is no address of ours.
    routerOptions: { maxParamLength: 100 },
    requestTimeout: 30_000,
    // Connections without a request are closed at a stop; those with one are answered first.
    forceCloseConnections: 'idle',
    return503OnClosing: false,
    frameworkErrors: (error, request, reply) => void answerError(error, request, reply),
  }).withTypeProvider<TypeBoxTypeProvider>();
  parseJsonBodies(server);
  validateStrictly(server);
  answerUnknown(server);
  server.setErrorHandler(answerError);
  server.register(cookie);
  return server as unknown as Server;
}

/**
 * Reads every body as JSON: `curl -d` says that it sends a form, and sends what stands between the quotes. Keys that
 * would reach a prototype are refused, not dropped.
 */
function parseJsonBodies(server: FastifyInstance): void {
  const parse = server.getDefaultJsonParser('error', 'error');
  server.removeAllContentTypeParsers();
  server.addContentTypeParser('*', { parseAs: 'buffer' }, (request, body, done) => {
    const bytes = body as Buffer;
    if (bytes.length === 0) return done(null, undefined);
    if (!isUtf8(bytes)) return done(new InvalidInput('The body is not UTF-8.'));
    parse(request, bytes.toString(), (error, parsed) =>
      done(error === null ? null : new InvalidInput(`The body is not valid JSON: ${error.message}.`), parsed),
    );
  });
}

/**
 * Nothing in a body is coerced or dropped: `"4"` is not 4, and a field that nobody asked for is an error rather than
 * a surprise. Paths and queries are text, so there a number is read from its digits.
 */
function validateStrictly(server: FastifyInstance): void {
  const strict = { coerceTypes: false, removeAdditional: false, useDefaults: true, verbose: true, strict: false };
  const body = new Ajv(strict);
  const text = new Ajv({ ...strict, coerceTypes: true });
  server.setValidatorCompiler(({ schema, httpPart }) =>
    (httpPart === 'body' ? body : text).compile(schema as Record<string, unknown>),
  );
}

/** Which methods each address takes, as the routes named them. */
class Addresses {
  readonly #taken = new Map<string, { pattern: RegExp; methods: Set<string> }>();

  add(url: string, methods: readonly string[]): void {
    const pattern = new RegExp(`^${url.replace(/:[^/]+/g, '[^/]+')}$`);
    const address = this.#taken.get(url) ?? { pattern, methods: new Set() };
    for (const method of methods) address.methods.add(method);
    this.#taken.set(url, address);
  }

  methodsOf(path: string): string[] {
    const addresses = [...this.#taken.values()].filter(({ pattern }) => pattern.test(path));
    return addresses.flatMap(({ methods }) => [...methods]);
  }
}

/** Answers 404 where nothing is, and 405 with `Allow` where something is that takes other methods. */
function answerUnknown(server: FastifyInstance): void {
  const addresses = new Addresses();
  server.addHook('onRoute', ({ url, method }) => addresses.add(url, [method].flat()));
  server.setNotFoundHandler((request, reply) => {
    const path = request.url.split('?', 1)[0] ?? request.url;
    const allow = addresses.methodsOf(path).join(', ');
    if (allow === '') return sendProblem(reply, problem(404, `There is nothing at ${path}.`));
    return sendProblem(reply.header('allow', allow), problem(405, `This address takes ${allow}.`));
  });
}
