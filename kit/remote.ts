import { Compile } from 'typebox/compile';
import type { Answers, Call, Calls } from './call.ts';
import { OutcomeUnknown, Unavailable } from './errors.ts';
import { type Span, traced } from './trace.ts';
import type { World } from './world.ts';

/** Where another service answers, and how to ask it. */
export interface Remote {
  /** The address of its internal port, such as `http://127.0.0.1:9082`; or what a gateway puts before its paths. */
  readonly url: string;
  readonly serviceToken: string;
  readonly world: World;
  /** How long an answer may take, in milliseconds: longer than the other side's database may. */
  readonly timeoutMs?: number;
}

const usualTimeoutMs = 5_000;

/**
 * The way to a service in another process: its calls as functions, over HTTP with connections that are kept.
 * They throw Unavailable when the service can't be reached or says so, OutcomeUnknown when it does not answer in time
 * or the connection breaks, and an Error when the answer is none.
 */
export function askRemotely<Of extends Calls>(calls: Of, remote: Remote): Answers<Of> {
  const asks = Object.entries(calls).map(([name, call]) => [name, asking(call, remote)] as const);
  return Object.fromEntries(asks) as unknown as Answers<Of>;
}

function asking({ path, answered }: Call, remote: Remote): (asked: unknown) => Promise<unknown> {
  const url = new URL(`${remote.url.replace(/\/+$/, '')}${path}`);
  const shape = Compile(answered);
  return async (asked) => {
    const answer = await traced(
      `POST ${path}`,
      { kind: 'client', attributes: { 'server.address': url.host } },
      (span) => post(url, JSON.stringify(asked), remote, span),
    );
    if (!shape.Check(answer)) throw new Error(`${url.host} answered ${path} in a shape that was not agreed on`);
    return answer;
  };
}

async function post(url: URL, body: string, remote: Remote, span: Span | undefined): Promise<unknown> {
  const { serviceToken, world, timeoutMs = usualTimeoutMs } = remote;
  const aborting = new AbortController();
  const timer = world.later(timeoutMs, () => aborting.abort());
  try {
    const headers = {
      ...{ authorization: `Bearer ${serviceToken}`, 'content-type': 'application/json' },
      ...(span && { traceparent: span.header }),
    };
    const response = await fetch(url, { method: 'POST', body, headers, signal: aborting.signal });
    const text = await response.text();
    if (response.ok) return JSON.parse(text);
    throw refusalOf(url, response.status, text);
  } catch (error) {
    throw failureOf(url, error);
  } finally {
    timer.cancel();
  }
}

/** A wrong token or a missing route is the operators' to mend: until then it is as if nobody was there. */
function refusalOf(url: URL, status: number, text: string): Error {
  const message = `${url.host} answered ${status} to ${url.pathname}: ${text.slice(0, 300)}`;
  if (status === 504) return new OutcomeUnknown(message);
  return [401, 404, 408, 429, 502, 503].includes(status) ? new Unavailable(message) : new Error(message);
}

/** `fetch` hides the socket's error in the cause of its own. */
function failureOf(url: URL, error: unknown): unknown {
  if (error instanceof SyntaxError)
    return new Error(`${url.host} answered ${url.pathname} with no JSON`, { cause: error });
  if (!(error instanceof TypeError) && (error as Error).name !== 'AbortError') return error;
  const code = ((error as Error).cause as NodeJS.ErrnoException | undefined)?.code;
  const message = `no answer from ${url.host} to ${url.pathname}: ${code ?? (error as Error).message}`;
  const neverSent = code === 'ECONNREFUSED' || code === 'ENOTFOUND' || code === 'EAI_AGAIN';
  return neverSent ? new Unavailable(message, { cause: error }) : new OutcomeUnknown(message, { cause: error });
}
