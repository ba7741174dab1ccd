import { type ClientOptions, createClient, type StartlistClient } from './client.ts';

/**
 * A client for Node, which has no memory for cookies of its own: what one answer sets, the next request sends, so that
 * whoever signs in stays signed in. It is meant for one Startlist, and keeps no cookie apart from another.
 */
export function createNodeClient(options: ClientOptions & { readonly address: string }): StartlistClient {
  return createClient({ ...options, fetch: rememberCookies(options.fetch ?? fetch) });
}

/** A `fetch` that sends the cookies that it was given before. */
export function rememberCookies(send: (request: Request) => Promise<Response>) {
  const cookies = new Map<string, string>();
  return async (request: Request): Promise<Response> => {
    if (cookies.size > 0 && !request.headers.has('cookie')) {
      request.headers.set('cookie', [...cookies].map(([name, value]) => `${name}=${value}`).join('; '));
    }
    const response = await send(request);
    for (const cookie of response.headers.getSetCookie()) {
      const [, name, value = ''] = /^\s*([^=;\s]+)=([^;]*)/.exec(cookie) ?? [];
      if (name === undefined) continue;
      // A cookie is taken back by one that is over.
      if (/;\s*max-age=0\s*(;|$)/i.test(cookie) || /;\s*expires=thu, 01 jan 1970/i.test(cookie)) cookies.delete(name);
      else cookies.set(name, value);
    }
    return response;
  };
}
