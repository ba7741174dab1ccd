import { context, propagation, SpanKind } from '@opentelemetry/api';
import { Compile } from 'typebox/compile';
import { OutcomeUnknown, Unavailable } from '../errors.ts';
import { currentSpan, traced } from '../telemetry/trace.ts';
import type { World } from '../world.ts';
import { type Answers, type Call, type Calls, reading } from './call.ts';

/** The address of another service, and the settings of its client. */
export interface Remote {
  /** The URL of the service's internal port, such as `http://127.0.0.1:9082`, or a gateway's URL with a path prefix. */
  readonly url: string;
  readonly serviceToken: string;
  readonly world: World;
  /** The time-out of a call, in milliseconds: longer than the database time-outs of the other service. */
  readonly timeoutMs?: number;
}

const defaultTimeoutMs = 5_000;

/**
 * Creates a client of a service in another process: one function for each call, over HTTP with keep-alive connections.
 * A function throws Unavailable when the service is unreachable or unavailable, OutcomeUnknown when it times out or the
 * connection breaks, and an Error for an invalid response. A read is repeated once when the connection breaks, and
 * throws Unavailable instead of OutcomeUnknown.
 */
export function askRemotely<Of extends Calls>(calls: Of, remote: Remote): Answers<Of> {
  const asks = Object.entries(calls).map(([name, call]) => [name, asking(call, remote)] as const);
  return Object.fromEntries(asks) as unknown as Answers<Of>;
}

function asking({ path, answered, isRead }: Call, remote: Remote): (asked: unknown) => Promise<unknown> {
  const url = new URL(`${remote.url.replace(/\/+$/, '')}${path}`);
  const shape = Compile(answered);
  const ask = (body: string) =>
    traced(`POST ${path}`, { kind: SpanKind.CLIENT, attributes: { 'server.address': url.host } }, () =>
      post(url, { body, tries: isRead === true ? 2 : 1 }, remote),
    );
  return async (asked) => {
    const body = JSON.stringify(asked);
    const answer = await (isRead === true ? reading(() => ask(body)) : ask(body));
    if (!shape.Check(answer)) throw new Error(`${url.host} returned an unexpected response to ${path}`);
    return answer;
  };
}

/** A request body, and how often it may be sent: a keep-alive connection may lead to a replica that has ended. */
interface Sent {
  readonly body: string;
  readonly tries: number;
}

async function post(url: URL, { body, tries }: Sent, remote: Remote): Promise<unknown> {
  const { serviceToken, world, timeoutMs = defaultTimeoutMs } = remote;
  const aborting = new AbortController();
  const { signal } = aborting;
  const timer = world.later(timeoutMs, () => aborting.abort());
  const headers = { authorization: `Bearer ${serviceToken}`, 'content-type': 'application/json' };
  // A span that has ended or is not sampled gets no child spans, in another process either.
  if (currentSpan()?.isRecording()) propagation.inject(context.active(), headers);
  try {
    for (let triesLeft = tries - 1; ; triesLeft -= 1) {
      try {
        return await postOnce(url, { method: 'POST', body, headers, signal });
      } catch (error) {
        if (triesLeft === 0 || signal.aborted || !(error instanceof OutcomeUnknown)) throw error;
      }
    }
  } finally {
    timer.cancel();
  }
}

async function postOnce(url: URL, request: RequestInit): Promise<unknown> {
  try {
    const response = await fetch(url, request);
    const text = await response.text();
    if (response.ok) return JSON.parse(text);
    throw refusalOf(url, response.status, text);
  } catch (error) {
    throw failureOf(url, error);
  }
}

/**
 * Maps a status to an error. A wrong token or a missing route is Unavailable: nothing was stored, and retries succeed
 * once an operator has fixed it.
 */
function refusalOf(url: URL, status: number, text: string): Error {
  const message = `${url.host} answered ${status} to ${url.pathname}: ${text.slice(0, 300)}`;
  if (status === 504) return new OutcomeUnknown(message);
  return [401, 404, 408, 429, 502, 503].includes(status) ? new Unavailable(message) : new Error(message);
}

/** Maps an error of `fetch`, whose `cause` is the error of the socket. */
function failureOf(url: URL, error: unknown): unknown {
  if (error instanceof SyntaxError)
    return new Error(`${url.host} answered ${url.pathname} with invalid JSON`, { cause: error });
  if (!(error instanceof TypeError) && (error as Error).name !== 'AbortError') return error;
  const code = ((error as Error).cause as NodeJS.ErrnoException | undefined)?.code;
  const message = `no answer from ${url.host} to ${url.pathname}: ${code ?? (error as Error).message}`;
  const neverSent = code === 'ECONNREFUSED' || code === 'ENOTFOUND' || code === 'EAI_AGAIN';
  return neverSent ? new Unavailable(message, { cause: error }) : new OutcomeUnknown(message, { cause: error });
}
