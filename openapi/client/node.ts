import { type ClientOptions, createClient, type StartlistClient } from './client.ts';

/**
 * Creates a client for Node, whose `fetch` keeps no cookies. The client sends the cookies of earlier responses, so a
 * session lasts. Use one client for each server, because cookies are not separated by host.
 */
export function createNodeClient(options: ClientOptions & { readonly address: string }): StartlistClient {
  return createClient({ ...options, fetch: rememberCookies(options.fetch ?? fetch) });
}

/** Wraps `fetch` so that it keeps cookies. */
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
      // An expired cookie removes the stored one.
      if (/;\s*max-age=0\s*(;|$)/i.test(cookie) || /;\s*expires=thu, 01 jan 1970/i.test(cookie)) cookies.delete(name);
      else cookies.set(name, value);
    }
    return response;
  };
}
