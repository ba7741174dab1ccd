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
 * The body of an error's answer (RFC 9457, `application/problem+json`). `field` names the part that is wrong; `reason`
 * and `values` say for programs what `detail` says for people, so that they may say it in words of their own.
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
  400: ['invalid_input', 'The request can not be understood'],
  401: ['unauthenticated', 'Nobody is signed in'],
  403: ['forbidden', 'Not allowed'],
  404: ['not_found', 'Not found'],
  405: ['method_not_allowed', 'No such method here'],
  408: ['request_timeout', 'The request took too long to arrive'],
  409: ['conflict', 'Not possible as things stand'],
  413: ['too_large', 'The request is too large'],
  414: ['too_large', 'The address is too large'],
  422: ['idempotency_key_reused', 'The Idempotency-Key was used for another request'],
  429: ['too_many_requests', 'Too many requests'],
  431: ['too_large', 'The headers are too large'],
  500: ['internal', 'An error on our side'],
  503: ['unavailable', 'Not available right now'],
  504: ['outcome_unknown', 'It is not known whether this was carried out'],
};

/** Builds the answer's body for a status, with a detail fit for the eyes of whoever asked. */
export function problem(status: number, detail: string, field?: string, why?: Why): Problem {
  const [type, title] = titles[status] ?? ['error', 'Error'];
  const said = { type: `urn:startlist:problem:${type}`, title, status, detail };
  return { ...said, ...(field === undefined ? {} : { field }), ...why };
}

/** The media type of a problem. */
export const problemType = 'application/problem+json; charset=utf-8';

/** Answers with a problem. */
export function sendProblem(reply: FastifyReply, sent: Problem): FastifyReply {
  return reply.code(sent.status).type(problemType).send(JSON.stringify(sent));
}

/** The one place where failures become HTTP. What we did not expect is logged, and tells the caller nothing. */
export function answerError(thrown: unknown, request: FastifyRequest, reply: FastifyReply): FastifyReply {
  const error = thrown instanceof Error ? thrown : new Error(`this was thrown: ${String(thrown)}`);
  const answer = problemOf(error, request.method);
  if (answer.status === 500) request.log.error({ err: error }, answer.detail);
  // One line each: at an outage there are as many as there are requests, and the stack is always the same.
  else if (answer.status > 500)
    request.log.warn({ reason: error.message, path: request.routeOptions.url }, answer.detail);
  if (error instanceof KeyInFlight) reply.header('retry-after', '1');
  if ((answer.status === 503 && error instanceof Unavailable) || error instanceof TooManyRequests)
    reply.header('retry-after', String(error.retryAfterS));
  return sendProblem(reply, answer);
}

/** The problem that a failure is to whoever asked with a method. */
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
    return problem(504, 'The connection broke while this was stored: look whether it was before you ask again.');
  }
  if (error instanceof Unavailable) return problem(503, 'Nothing was stored. Ask again in a moment.');
  if ('validation' in error && error.validation !== undefined) return invalid(error);
  const status = 'statusCode' in error && typeof error.statusCode === 'number' ? error.statusCode : 500;
  if (status >= 400 && status < 500) return problem(titles[status] === undefined ? 400 : status, error.message);
  return problem(500, 'The error was written to the log.');
}

/** As things stand it is the first request with the key that is in the way, and soon it won't be. */
function keyInFlight(detail: string): Problem {
  const [type, title] = ['idempotency_key_in_flight', 'A request with this Idempotency-Key is under way'];
  return { ...problem(409, detail, 'Idempotency-Key'), type: `urn:startlist:problem:${type}`, title };
}

/** What has a bound, by the keyword of its schema. */
const bounds: Record<string, string> = {
  minLength: 'too_short',
  maxLength: 'too_long',
  minimum: 'too_small',
  maximum: 'too_large',
};

/** Names the field of a validation error: the schemas say what they want in `description`, this says where. */
function invalid(error: FastifyError): Problem {
  const [first] = error.validation ?? [];
  const params = (first?.params ?? {}) as { missingProperty?: string; additionalProperty?: string; limit?: number };
  const path = (first?.instancePath ?? '').split('/').filter(Boolean);
  const last = params.missingProperty ?? params.additionalProperty;
  const field = [...path, ...(last === undefined ? [] : [last])].join('.');
  const where = field === '' ? `the ${error.validationContext ?? 'request'}` : field;
  if (params.additionalProperty !== undefined) return problem(400, `There is no field ${where} here.`, field);
  if (params.missingProperty !== undefined) return problem(400, `The field ${where} is missing.`, field);
  const wanted = (first as { parentSchema?: { description?: string } } | undefined)?.parentSchema?.description;
  const keyword = first?.keyword ?? '';
  const bound = bounds[keyword];
  const isText = ['pattern', 'minLength', 'maxLength'].includes(keyword);
  const complaint = keyword === 'minProperties' ? 'must name at least one field' : (first?.message ?? 'is not valid');
  return problem(
    400,
    // A pattern says nothing to people, and the length of a text stands in its description.
    isText && wanted ? `${where} must be ${wanted}.` : `${where} ${complaint}${wanted ? ` (${wanted})` : ''}.`,
    field || undefined,
    bound && params.limit !== undefined ? { reason: bound, values: { limit: params.limit } } : undefined,
  );
}
