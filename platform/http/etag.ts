import { hash } from 'node:crypto';
import type { FastifyReply, FastifyRequest } from 'fastify';

/**
 * Tells with each read what it is worth keeping by (`ETag`), and answers 304 to whoever has the same already
 * (`If-None-Match`, RFC 9110, 13.1.2). A write is never answered so, nor what is `no-store`: a gateway that asks
 * `GET /auth` passes on the headers of another request. @fastify/etag would, and reads no list of tags.
 */
export function answerConditionally(
  { headers }: FastifyRequest,
  reply: FastifyReply,
  payload: unknown,
  done: (error: null, payload?: unknown) => void,
): void {
  const manner = reply.getHeader('cache-control');
  // A stream is not read twice.
  const isKept = reply.statusCode === 200 && typeof payload === 'string' && manner !== 'no-store';
  done(null, isKept ? answerTagged(headers['if-none-match'], reply, payload, manner === undefined) : payload);
}

function answerTagged(known: string | undefined, reply: FastifyReply, payload: string, isUnsaid: boolean): string {
  const tag = `"${hash('sha1', payload, 'base64url')}"`;
  reply.header('etag', tag);
  if (isUnsaid) reply.header('cache-control', 'private, no-cache');
  if (!names(known, tag)) return payload;
  reply.code(304).removeHeader('content-type');
  return '';
}

/** Whether one of the tags that a header names is this one; that one is weak makes no difference to a read. */
function names(header: string | undefined, tag: string): boolean {
  if (header === undefined) return false;
  if (header.trim() === '*') return true;
  return header.split(',').some((one) => one.trim().replace(/^W\//, '') === tag);
}
