import { createHash } from 'node:crypto';
import type { FastifyRequest } from 'fastify';
import { InvalidInput } from '../errors.ts';

/** The maximum length of an idempotency key, in characters. */
export const maxKeyLength = 255;

/** Identifies a write that is carried out once, however often it is sent. Each person and route has its own keys. */
export interface Keyed {
  readonly personId: number;
  /** Method and path pattern: `POST /book/create`. */
  readonly route: string;
  readonly key: string;
  /** A hash of the whole request. A request with a used key and another fingerprint is rejected. */
  readonly fingerprint: string;
}

/**
 * Reads the `Idempotency-Key` of a request: a quoted string (RFC 9651), as the draft requires, or a bare one, as most
 * clients send it.
 * Source: https://datatracker.ietf.org/doc/draft-ietf-httpapi-idempotency-key-header/ (07)
 * @returns undefined without the header.
 * @throws InvalidInput when the key is malformed, empty or too long.
 */
export function readIdempotencyKey(request: FastifyRequest, personId: number): Keyed | undefined {
  const header = request.headers['idempotency-key'];
  if (header === undefined) return undefined;
  const key = parseIdempotencyKey([header].flat().join(', '));
  const { body, params, query } = request;
  const fingerprint = createHash('sha256').update(canonical({ body, params, query })).digest('base64url');
  return { personId, route: `${request.method} ${request.routeOptions.url}`, key, fingerprint };
}

const quoted = /^"((?:[\x20\x21\x23-\x5b\x5d-\x7e]|\\["\\])*)"$/;
const bare = /^[A-Za-z0-9!#$%&'*+\-.^_`|~:/=]+$/;

/** Parses a key. Its quoted and its bare form give the same key. */
export function parseIdempotencyKey(header: string): string {
  const text = header.trim();
  const key = bare.test(text) ? text : quoted.exec(text)?.[1]?.replaceAll(/\\(.)/g, '$1');
  if (key === undefined || key === '' || key.length > maxKeyLength) {
    throw new InvalidInput(
      `Idempotency-Key must be a quoted string of 1 to ${maxKeyLength} ASCII characters, such as "8e03978e-40d5".`,
      'Idempotency-Key',
    );
  }
  return key;
}

/** Formats a value as JSON with sorted keys, so that the order of a client's keys does not matter. */
export function canonical(value: unknown): string {
  return JSON.stringify(value, (_name, part: unknown) =>
    typeof part === 'object' && part !== null && !Array.isArray(part)
      ? Object.fromEntries(Object.entries(part).toSorted(([a], [b]) => (a < b ? -1 : 1)))
      : part,
  );
}
