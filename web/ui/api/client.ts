import { createClient, must, type Refused } from '../../../openapi/client/client.ts';

export { must, Refused } from '../../../openapi/client/client.ts';

/** The error when there is no response, because the network or the server is down. */
export class Unreachable extends Error {}

const listeners = new Set<() => void>();

/** Calls `listener` on every 401, which means that the session has ended. */
export function onUnauthenticated(listener: () => void): void {
  listeners.add(listener);
}

/** The typed client of Startlist's API on the page's own origin. Throws Unreachable when there is no response. */
export const startlist = createClient({ fetch: send });

async function send(request: Request): Promise<Response> {
  request.headers.set('accept', 'application/json');
  const response = await fetch(request).catch((cause) => {
    throw new Unreachable('no response', { cause });
  });
  if (response.status === 401) for (const listener of listeners) listener();
  return response;
}

/** A page of a list. `next` is the id after which the list continues, undefined on the last page. */
export interface Page<Item> {
  readonly items: readonly Item[];
  readonly next: number | undefined;
}

/** Like `must`, for a page of a list whose `Link` header points to the next page. */
export async function mustPage<Item>(
  answering: Promise<{ readonly data?: Item[]; readonly error?: unknown; readonly response: Response }>,
): Promise<Page<Item>> {
  const answered = await answering;
  const items = await must(Promise.resolve(answered));
  const after = /[?&]after=(\d+)[^>]*>; rel="next"/.exec(answered.response.headers.get('link') ?? '')?.[1];
  return { items, next: after === undefined ? undefined : Number(after) };
}

/** The last part of a problem's type: `unauthenticated`, `not_found`. */
export function kindOf({ problem }: Refused): string {
  return problem?.type.split(':').at(-1) ?? 'error';
}

/** A new idempotency key. */
export function newKey(): string {
  // crypto.randomUUID does not exist on pages without TLS.
  return Array.from(crypto.getRandomValues(new Uint8Array(16)), (byte) => byte.toString(16).padStart(2, '0')).join('');
}
