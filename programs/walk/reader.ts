import { must, type StartlistClient } from '../../openapi/client/client.ts';

/** Repeats a read of the session with the typed client. */
export async function read(startlist: StartlistClient, path: string): Promise<unknown> {
  const { pathname, searchParams } = new URL(path, 'http://startlist');
  const params = { query: { after: Number(searchParams.get('after') ?? 0) } };
  if (pathname === '/account/get') return must(startlist.GET('/account/get'));
  if (pathname === '/events/get') return must(startlist.GET('/events/get', { params }));
  if (pathname === '/book/get') return must(startlist.GET('/book/get', { params }));
  throw new Error(`the session has no read of ${path}`);
}
