import { createHash } from 'node:crypto';
import type { FastifyRequest } from 'fastify';
import { InvalidInput } from '../errors.ts';

/** The longest key that is taken, in characters. */
export const maxKeyLength = 255;

/**
 * A write that its caller may repeat without its being carried out twice. A key belongs to a person and a route: what
 * others send under the same key is theirs.
 */
export interface Keyed {
  readonly personId: number;
  /** The method and the pattern of the address: `POST /book/create`. */
  readonly route: string;
  readonly key: string;
  /** A hash of all that was asked for. The same key with another one is a mistake of the caller's. */
  readonly fingerprint: string;
}

/**
 * Reads the `Idempotency-Key` of a request: a string in quotes, as the draft of the header has it (RFC 9651), or the
 * same without quotes, as most clients send it.
 * Source: https://datatracker.ietf.org/doc/draft-ietf-httpapi-idempotency-key-header/ (07)
 * @returns nothing when there is none.
 * @throws InvalidInput when it is neither, empty or too long.
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

/** Both ways to write a key mean the same key. */
export function parseIdempotencyKey(header: string): string {
  const text = header.trim();
  const key = bare.test(text) ? text : quoted.exec(text)?.[1]?.replaceAll(/\\(.)/g, '$1');
  if (key === undefined || key === '' || key.length > maxKeyLength) {
    throw new InvalidInput(
      `Idempotency-Key must be one text of 1 to ${maxKeyLength} ASCII characters in quotes, such as "8e03978e-40d5".`,
      'Idempotency-Key',
    );
  }
  return key;
}

/** JSON whose keys are in order, so that the order in which a client wrote them does not matter. */
export function canonical(value: unknown): string {
  return JSON.stringify(value, (_name, part: unknown) =>
    typeof part === 'object' && part !== null && !Array.isArray(part)
      ? Object.fromEntries(Object.entries(part).toSorted(([a], [b]) => (a < b ? -1 : 1)))
      : part,
  );
}
