import { hash } from 'node:crypto';
import type { FastifyReply, FastifyRequest } from 'fastify';

/**
 * Adds an `ETag` to reads, and answers 304 when `If-None-Match` has the same tag (RFC 9110, 13.1.2). Responses with
 * `no-store` get no tag: a gateway calls `GET /auth` with the headers of another request, whose `If-None-Match` is not
 * meant for it. @fastify/etag would tag such responses too, and does not parse lists of tags.
 */
export function answerConditionally(
  { headers }: FastifyRequest,
  reply: FastifyReply,
  payload: unknown,
  done: (error: null, payload?: unknown) => void,
): void {
  const cachePolicy = reply.getHeader('cache-control');
  // Streams cannot be hashed before they are sent.
  const isTagged = reply.statusCode === 200 && typeof payload === 'string' && cachePolicy !== 'no-store';
  done(null, isTagged ? answerTagged(headers['if-none-match'], reply, payload, cachePolicy === undefined) : payload);
}

function answerTagged(
  known: string | undefined,
  reply: FastifyReply,
  payload: string,
  isPolicyMissing: boolean,
): string {
  const tag = `"${hash('sha1', payload, 'base64url')}"`;
  reply.header('etag', tag);
  if (isPolicyMissing) reply.header('cache-control', 'private, no-cache');
  if (!names(known, tag)) return payload;
  reply.code(304).removeHeader('content-type');
  return '';
}

/** Whether the header lists the tag. For reads, a weak tag matches as well. */
function names(header: string | undefined, tag: string): boolean {
  if (header === undefined) return false;
  if (header.trim() === '*') return true;
  return header.split(',').some((one) => one.trim().replace(/^W\//, '') === tag);
}
