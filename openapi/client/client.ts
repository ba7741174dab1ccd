import createFetchClient, { type Client, type ClientPathsWithMethod, type MethodResponse } from 'openapi-fetch';
import type { components, paths } from './api.ts';

/*
 * A typed client of Startlist for programs and pages. Its types are generated from the OpenAPI document, and it needs
 * only `fetch`. On Node, use `node.ts`, which also keeps cookies.
 */

/** Calls by path: `startlist.GET('/events/get/{id}', { params: { path: { id: 1 } } })`. */
export type StartlistClient = Client<paths>;

/** A named schema: `Body<'EventDetail'>`. */
export type Body<Name extends keyof components['schemas']> = components['schemas'][Name];
export type Problem = Body<'Problem'>;

/** The body of a successful response: `Answer<'get', '/auth/me'>`. */
export type Answer<
  Method extends 'get' | 'post' | 'put' | 'patch' | 'delete',
  Path extends ClientPathsWithMethod<StartlistClient, Method>,
> = MethodResponse<StartlistClient, Method, Path>;

export interface ClientOptions {
  /** The base URL; the origin of the page by default. */
  readonly address?: string;
  /** An API token, instead of a session. */
  readonly token?: string;
  readonly fetch?: (request: Request) => Promise<Response>;
}

/** Creates a client. In a browser, requests to the page's own origin carry the session cookie. */
export function createClient({ address = '', token, fetch }: ClientOptions = {}): StartlistClient {
  return createFetchClient<paths>({
    baseUrl: address,
    ...(fetch && { fetch }),
    ...(token !== undefined && { headers: { authorization: `Bearer ${token}` } }),
  });
}

/** An error response of Startlist. */
export class Refused extends Error {
  override name = 'Refused';
  readonly status: number;
  /** Undefined when another server responded, such as a proxy. */
  readonly problem: Problem | undefined;
  /** The seconds of `Retry-After`, if it was sent. */
  readonly retryAfterS: number | undefined;

  constructor({ status, headers }: Response, said: unknown) {
    const problem = isProblem(said) ? said : undefined;
    super(problem?.detail ?? `status ${status}, without a problem document`);
    this.status = status;
    this.problem = problem;
    const seconds = headers.get('retry-after');
    this.retryAfterS = seconds === null ? undefined : Number(seconds);
  }
}

function isProblem(said: unknown): said is Problem {
  return typeof said === 'object' && said !== null && 'detail' in said && 'status' in said;
}

/** The result of a client's call. */
interface Answered<Data> {
  readonly data?: Data;
  readonly error?: unknown;
  readonly response: Response;
}

/**
 * Returns the body of a successful response.
 * @throws Refused for an error response; TypeError, as `fetch` does, when there is no response.
 */
export async function must<Data>(answering: Promise<Answered<Data>>): Promise<NonNullable<Data>> {
  const { data, error, response } = await answering;
  if (!response.ok) throw new Refused(response, error);
  return data as NonNullable<Data>;
}
