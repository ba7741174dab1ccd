import { hash } from 'node:crypto';
import type { FastifyReply, FastifyRequest } from 'fastify';

/**
 * Adds an `ETag` to reads, and answers 304 when `If-None-Match` has the same tag (RFC 9110, 13.1.2). Writes and
 * `no-store` responses get neither: a gateway that calls `GET /auth` forwards the headers of another request.
 * @fastify/etag tags those, too, and does not parse lists of tags.
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

/** True if the header lists the tag. Weak tags match as well, as they do for reads. */
function names(header: string | undefined, tag: string): boolean {
  if (header === undefined) return false;
  if (header.trim() === '*') return true;
  return header.split(',').some((one) => one.trim().replace(/^W\//, '') === tag);
}
