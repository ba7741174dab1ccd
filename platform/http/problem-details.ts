import type { FastifyError, FastifyReply, FastifyRequest } from 'fastify';
import {
  Conflict,
  Forbidden,
  InvalidInput,
  KeyInFlight,
  KeyReused,
  NotFound,
  OutcomeUnknown,
  TooManyRequests,
  Unauthenticated,
  Unavailable,
  type Why,
} from '../errors.ts';

/**
 * The body of an error response (RFC 9457, `application/problem+json`). `field` names the wrong part of the request.
 * `reason` and `values` have the content of `detail` for programs, which can show their own message.
 */
export interface Problem {
  readonly type: string;
  readonly title: string;
  readonly status: number;
  readonly detail: string;
  readonly field?: string;
  readonly reason?: string;
  readonly values?: Why['values'];
}

const titles: Record<number, [type: string, title: string]> = {
  400: ['invalid_input', 'The request is not valid'],
  401: ['unauthenticated', 'Not signed in'],
  403: ['forbidden', 'Not allowed'],
  404: ['not_found', 'Not found'],
  405: ['method_not_allowed', 'Method not allowed'],
  408: ['request_timeout', 'Request timeout'],
  409: ['conflict', 'Not possible in the current state'],
  413: ['too_large', 'The request is too large'],
  414: ['too_large', 'The URL is too long'],
  422: ['idempotency_key_reused', 'The Idempotency-Key was used for another request'],
  429: ['too_many_requests', 'Too many requests'],
  431: ['too_large', 'The headers are too large'],
  500: ['internal', 'Internal error'],
  503: ['unavailable', 'Not available right now'],
  504: ['outcome_unknown', 'The outcome of the request is unknown'],
};

/** Builds a problem. `detail` is sent to the client, so it must not contain internals. */
export function problem(status: number, detail: string, field?: string, why?: Why): Problem {
  const [type, title] = titles[status] ?? ['error', 'Error'];
  const said = { type: `urn:startlist:problem:${type}`, title, status, detail };
  return { ...said, ...(field === undefined ? {} : { field }), ...why };
}

export const problemType = 'application/problem+json; charset=utf-8';

export function sendProblem(reply: FastifyReply, sent: Problem): FastifyReply {
  return reply.code(sent.status).type(problemType).send(JSON.stringify(sent));
}

/** Answers a request that failed. An unexpected error is logged, and the client gets no details of it. */
export function answerError(thrown: unknown, request: FastifyRequest, reply: FastifyReply): FastifyReply {
  const error = thrown instanceof Error ? thrown : new Error(`the thrown value is not an Error: ${String(thrown)}`);
  const answer = problemOf(error, request.method);
  if (answer.status === 500) request.log.error({ err: error }, answer.detail);
  // Logged without the stack: during an outage every request logs a line, all with the same stack.
  else if (answer.status > 500)
    request.log.warn({ reason: error.message, path: request.routeOptions.url }, answer.detail);
  if (error instanceof KeyInFlight) reply.header('retry-after', '1');
  if ((answer.status === 503 && error instanceof Unavailable) || error instanceof TooManyRequests)
    reply.header('retry-after', String(error.retryAfterS));
  return sendProblem(reply, answer);
}

export function problemOf(error: FastifyError | Error, method: string): Problem {
  const isRead = method === 'GET' || method === 'HEAD';
  if (error instanceof InvalidInput) return problem(400, error.message, error.field, error.why);
  if (error instanceof Unauthenticated) return problem(401, error.message);
  if (error instanceof Forbidden) return problem(403, error.message);
  if (error instanceof NotFound) return problem(404, error.message);
  if (error instanceof KeyInFlight) return keyInFlight(error.message);
  if (error instanceof KeyReused) return problem(422, error.message, 'Idempotency-Key');
  if (error instanceof Conflict) return problem(409, error.message, error.field, error.why);
  if (error instanceof TooManyRequests) return problem(429, error.message);
  if (error instanceof OutcomeUnknown && !isRead) {
    return problem(
      504,
      'The connection broke during the write. Check whether the change was stored before you try again.',
    );
  }
  if (error instanceof Unavailable) return problem(503, 'Nothing was stored. Try again in a moment.');
  if ('validation' in error && error.validation !== undefined) return invalid(error);
  const status = 'statusCode' in error && typeof error.statusCode === 'number' ? error.statusCode : 500;
  if (status >= 400 && status < 500) return problem(titles[status] === undefined ? 400 : status, error.message);
  return problem(500, 'The error was logged.');
}

/** The problem of a request whose key is in use. It goes away when the first request with that key ends. */
function keyInFlight(detail: string): Problem {
  const [type, title] = ['idempotency_key_in_flight', 'A request with this Idempotency-Key is in progress'];
  return { ...problem(409, detail, 'Idempotency-Key'), type: `urn:startlist:problem:${type}`, title };
}

/** The `reason` for each schema keyword that sets a bound. */
const bounds: Record<string, string> = {
  minLength: 'too_short',
  maxLength: 'too_long',
  minimum: 'too_small',
  maximum: 'too_large',
};

/** Describes a validation error: names the field, quotes the `description` of its schema, and gives its `x-reason`. */
function invalid(error: FastifyError): Problem {
  const [first] = error.validation ?? [];
  const params = (first?.params ?? {}) as { missingProperty?: string; additionalProperty?: string; limit?: number };
  const path = (first?.instancePath ?? '').split('/').filter(Boolean);
  const last = params.missingProperty ?? params.additionalProperty;
  const field = [...path, ...(last === undefined ? [] : [last])].join('.');
  const where = field === '' ? `the ${error.validationContext ?? 'request'}` : field;
  if (params.additionalProperty !== undefined) return problem(400, `Unknown field: ${where}.`, field);
  if (params.missingProperty !== undefined) return problem(400, `The field ${where} is missing.`, field);
  const schema = (first as { parentSchema?: { description?: string; 'x-reason'?: string } } | undefined)?.parentSchema;
  const wanted = schema?.description;
  const keyword = first?.keyword ?? '';
  const bound = bounds[keyword];
  const isText = ['pattern', 'minLength', 'maxLength'].includes(keyword);
  const complaint = keyword === 'minProperties' ? 'must name at least one field' : (first?.message ?? 'is not valid');
  return problem(
    400,
    // For a text, the description replaces the validator's message: it is easier to read than a pattern.
    isText && wanted ? `${where} must be ${wanted}.` : `${where} ${complaint}${wanted ? ` (${wanted})` : ''}.`,
    field || undefined,
    whyOf(),
  );

  function whyOf(): Why | undefined {
    if (bound && params.limit !== undefined) return { reason: bound, values: { limit: params.limit } };
    const reason = keyword === 'pattern' ? schema?.['x-reason'] : undefined;
    return reason === undefined ? undefined : { reason };
  }
}
