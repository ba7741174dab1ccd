import { createClient, must, type Refused } from '../../../openapi/client/client.ts';
import { send } from './send.ts';

export { must, Refused } from '../../../openapi/client/client.ts';
export { Unreachable } from './send.ts';

const listeners = new Set<() => void>();

/** Calls `listener` on every 401, which means that the session has ended, but not after a wrong password. */
export function onUnauthenticated(listener: () => void): void {
  listeners.add(listener);
}

/** The typed client of Startlist's API on the page's own origin. Throws Unreachable when there is no answer. */
export const startlist = createClient({
  async fetch(request) {
    const response = await send(request);
    const isSignIn = new URL(request.url).pathname === '/login';
    if (response.status === 401 && !isSignIn) for (const listener of listeners) listener();
    return response;
  },
});

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

/** The pages of a list, one after the other. */
export async function* allPages<Item>(
  read: (after: number) => Promise<Page<Item>>,
): AsyncGenerator<readonly Item[], void> {
  for (let after: number | undefined = 0; after !== undefined; ) {
    const page: Page<Item> = await read(after);
    yield page.items;
    after = page.next;
  }
}

/** The last part of a problem's type: `unauthenticated`, `not_found`. */
export function kindOf({ problem }: Refused): string {
  return problem?.type.split(':').at(-1) ?? 'error';
}
