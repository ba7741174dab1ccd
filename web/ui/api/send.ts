import { backendOfPart, firstPart } from '../../../contracts/http/paths.ts';
import { ServerTime } from './server-time.ts';
import { newKey, WriteKeys } from './write-keys.ts';

/**
 * What is known about a request without an answer: a `read` has changed nothing; a `repeatable` write may have been
 * carried out, and sending it again does no harm; an `unrepeatable` one would be carried out twice.
 */
export type Lost = 'read' | 'repeatable' | 'unrepeatable';

/** The error when Startlist gives no answer, because the network, a proxy or the server is down. */
export class Unreachable extends Error {
  override name = 'Unreachable';
  readonly lost: Lost;

  constructor(lost: Lost, options?: ErrorOptions) {
    super('no answer', options);
    this.lost = lost;
  }
}

export const serverTime = new ServerTime();

const keys = new WriteKeys(() => sessionStorage, newKey);

/** The outcome of writes to an address was seen in another way: the next one is a new write. */
export const forgetWrites = (url: string): void => keys.forget(url);

/** How often a write is sent again while the first one with its key is still being carried out. */
const mostInFlight = 10;

/**
 * Sends a request of the pages. Every write to events, accounts and bookings has an idempotency key, the same as long as
 * its content is the same and its outcome is unknown.
 * @throws Unreachable when the outcome is unknown.
 */
export async function send(request: Request): Promise<Response> {
  request.headers.set('accept', 'application/json');
  const { method } = request;
  const { pathname, search } = new URL(request.url);
  if (method !== 'GET' && backendOfPart.get(firstPart(pathname)) !== 'auth') {
    return sendOnce(request, `${pathname}${search}`);
  }
  const isUnrepeatable = method === 'POST' && pathname === '/auth/tokens';
  const { response } = await receive(
    request,
    method === 'GET' ? 'read' : isUnrepeatable ? 'unrepeatable' : 'repeatable',
  );
  return response;
}

/** Sends a write with its key, and again while a first one with this key is still being carried out. */
async function sendOnce(request: Request, url: string): Promise<Response> {
  const key = keys.keyOf({ method: request.method, url, body: await request.clone().text() });
  request.headers.set('idempotency-key', key.key);
  try {
    for (let time = 1; ; time += 1) {
      const { response, problem } = await receive(request.clone(), 'repeatable');
      if (problem === 'idempotency_key_in_flight' && time < mostInFlight) {
        await wait(response.headers.get('retry-after'));
        continue;
      }
      // 503 says that this try has stored nothing. An earlier one may have.
      if (response.status === 503 && key.isInDoubt) throw new Unreachable('repeatable');
      if (isFinal(response, problem)) keys.settle(key, response.ok);
      else if (problem === 'internal') key.isInDoubt = true;
      return response;
    }
  } catch (error) {
    key.isInDoubt = true;
    throw error;
  }
}

interface Received {
  readonly response: Response;
  /** The kind of a problem document of Startlist, such as `not_found`; undefined for any other answer. */
  readonly problem: string | undefined;
}

/** Sends a request, and returns its answer once all of it has arrived. */
async function receive(request: Request, lost: Lost): Promise<Received> {
  try {
    const response = await fetch(request);
    const isJson = /\bjson\b/.test(response.headers.get('content-type') ?? '');
    if (isJson) serverTime.observe(response.headers.get('date'), performance.now());
    // `fetch` resolves with the headers: the connection can still break.
    const body = await response.clone().text();
    // The page of a hotspot is no answer of Startlist.
    if (response.ok && !isJson) throw new TypeError('the answer is not JSON');
    // Half an answer is none. The answer to a read may be long, and its reader parses it.
    const isParsed = isJson && body !== '' && !(response.ok && lost === 'read');
    const parsed = isParsed ? (JSON.parse(body) as { readonly type?: unknown } | null) : null;
    const problem = response.ok ? undefined : kindIn(parsed);
    // A proxy does not know what the server behind it has done.
    if (response.status === 504 || (response.status >= 500 && problem === undefined)) {
      throw new TypeError(`status ${response.status}: the outcome is unknown`);
    }
    return { response, problem };
  } catch (cause) {
    throw new Unreachable(lost, { cause });
  }
}

const kindIn = (problem: { readonly type?: unknown } | null) =>
  /^urn:startlist:problem:(\w+)$/.exec(String(problem?.type))?.[1];

/** Refusals that come before the key is looked up. They say nothing about an earlier try with the same key. */
const early = new Set(['unauthenticated', 'forbidden', 'request_timeout', 'too_many_requests']);

/** Whether an answer tells the outcome of a write for good. */
function isFinal({ ok, status }: Response, problem: string | undefined): boolean {
  if (ok) return true;
  return status < 500 && problem !== undefined && problem !== 'idempotency_key_in_flight' && !early.has(problem);
}

const wait = (seconds: string | null) =>
  new Promise((resolve) => setTimeout(resolve, Math.max(1, Number(seconds ?? 1)) * 1_000));
