/** An answer that is an error: what the server says of it (`application/problem+json`), in a form to look into. */
export class Refused extends Error {
  readonly status: number;
  /** The last part of the problem's type: `unauthenticated`, `not_found`. */
  readonly kind: string;
  readonly field: string | undefined;
  /** When to ask again, in seconds, where the server says so. */
  readonly retryAfterS: number | undefined;

  constructor(status: number, problem: ProblemBody, retryAfterS?: number) {
    super(problem.detail ?? problem.title ?? String(status));
    this.status = status;
    this.kind = problem.type?.split(':').at(-1) ?? 'error';
    this.field = problem.field;
    this.retryAfterS = retryAfterS;
  }
}

interface ProblemBody {
  readonly type?: string;
  readonly title?: string;
  readonly detail?: string;
  readonly field?: string;
}

/** No answer at all: the network is away, or the server is. */
export class Unreachable extends Error {}

export type Method = 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';

export interface Asking {
  readonly body?: object;
  readonly headers?: Readonly<Record<string, string>>;
}

/** Whoever wants to know that nobody is signed in any more. */
const onUnauthenticated = new Set<() => void>();
export function whenUnauthenticated(hear: () => void): void {
  onUnauthenticated.add(hear);
}

/**
 * Asks Startlist. @throws Refused with what it answers instead, Unreachable when it does not answer.
 */
export async function ask<Answer>(method: Method, path: string, asking: Asking = {}): Promise<Answer> {
  const response = await send(method, path, asking);
  return (await read(response)) as Answer;
}

/** The same with the answer's headers. */
export async function send(method: Method, path: string, { body, headers }: Asking = {}): Promise<Response> {
  let response: Response;
  try {
    response = await fetch(path, {
      method,
      headers: { accept: 'application/json', ...(body && { 'content-type': 'application/json' }), ...headers },
      ...(body && { body: JSON.stringify(body) }),
    });
  } catch (error) {
    throw new Unreachable('no answer', { cause: error });
  }
  if (response.ok) return response;
  if (response.status === 401) for (const hear of onUnauthenticated) hear();
  const problem = (await read(response).catch(() => undefined)) as ProblemBody | undefined;
  const retryAfter = Number(response.headers.get('retry-after') ?? Number.NaN);
  throw new Refused(response.status, problem ?? {}, Number.isNaN(retryAfter) ? undefined : retryAfter);
}

async function read(response: Response): Promise<unknown> {
  const text = await response.text();
  return text === '' ? undefined : JSON.parse(text);
}

/** A key by which a repeated request is known: whatever breaks off meanwhile, it is carried out once. */
export function newKey(): string {
  // Not randomUUID, which browsers keep from pages without TLS.
  return Array.from(crypto.getRandomValues(new Uint8Array(16)), (byte) => byte.toString(16).padStart(2, '0')).join('');
}
