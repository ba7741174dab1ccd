import createFetchClient, { type Client, type ClientPathsWithMethod, type MethodResponse } from 'openapi-fetch';
import type { components, paths } from './api.ts';

/*
 * A client of Startlist for programs and for pages: what may be asked, with what, and what comes back is typed by the
 * document of its routes. It needs nothing but `fetch`; `node.ts` is the same for Node, with a memory for cookies.
 */

/** Asks by address: `startlist.GET('/events/get/{id}', { params: { path: { id: 1 } } })`. */
export type StartlistClient = Client<paths>;

/** The bodies that have names: `Body<'EventDetail'>`. */
export type Body<Name extends keyof components['schemas']> = components['schemas'][Name];
export type Problem = Body<'Problem'>;

/** What a route answers when all is well, where that has no name: `Answer<'get', '/auth/me'>`. */
export type Answer<
  Method extends 'get' | 'post' | 'put' | 'patch' | 'delete',
  Path extends ClientPathsWithMethod<StartlistClient, Method>,
> = MethodResponse<StartlistClient, Method, Path>;

export interface ClientOptions {
  /** As it is put before a path; without one that of the page. */
  readonly address?: string;
  /** An API token, for whoever has no session. */
  readonly token?: string;
  readonly fetch?: (request: Request) => Promise<Response>;
}

/** A client of the Startlist at an address. Of a page's own Startlist the browser sends the session along by itself. */
export function createClient({ address = '', token, fetch }: ClientOptions = {}): StartlistClient {
  return createFetchClient<paths>({
    baseUrl: address,
    ...(fetch && { fetch }),
    ...(token !== undefined && { headers: { authorization: `Bearer ${token}` } }),
  });
}

/** Startlist said no, and why. */
export class Refused extends Error {
  override name = 'Refused';
  readonly status: number;
  /** What it said; nothing where something else than Startlist answered, such as a gateway on the way. */
  readonly problem: Problem | undefined;
  /** Seconds after which asking again makes sense, where it said so. */
  readonly retryAfterS: number | undefined;

  constructor({ status, headers }: Response, said: unknown) {
    const problem = isProblem(said) ? said : undefined;
    super(problem?.detail ?? `${status}, and no reason`);
    this.status = status;
    this.problem = problem;
    const seconds = headers.get('retry-after');
    this.retryAfterS = seconds === null ? undefined : Number(seconds);
  }
}

function isProblem(said: unknown): said is Problem {
  return typeof said === 'object' && said !== null && 'detail' in said && 'status' in said;
}

/** What a client's call comes to. */
interface Answered<Data> {
  readonly data?: Data;
  readonly error?: unknown;
  readonly response: Response;
}

/**
 * The body of an answer that has to be a yes.
 * @throws Refused where it is a no; TypeError, as `fetch` does, where there is none.
 */
export async function must<Data>(answering: Promise<Answered<Data>>): Promise<NonNullable<Data>> {
  const { data, error, response } = await answering;
  if (!response.ok) throw new Refused(response, error);
  return data as NonNullable<Data>;
}
