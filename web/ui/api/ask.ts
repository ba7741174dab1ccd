import { createClient, must, type Refused } from '../../../openapi/client/client.ts';

export { must, Refused } from '../../../openapi/client/client.ts';

/** No answer at all: the network is away, or the server is. */
export class Unreachable extends Error {}

/** Whoever wants to know that nobody is signed in any more. */
const onUnauthenticated = new Set<() => void>();
export function whenUnauthenticated(hear: () => void): void {
  onUnauthenticated.add(hear);
}

/** Startlist, as everyone asks it: of the page's own address. Its calls throw Unreachable when it does not answer. */
export const startlist = createClient({ fetch: send });

async function send(request: Request): Promise<Response> {
  request.headers.set('accept', 'application/json');
  const response = await fetch(request).catch((cause) => {
    throw new Unreachable('no answer', { cause });
  });
  if (response.status === 401) for (const hear of onUnauthenticated) hear();
  return response;
}

/** A page of a list, and the id after which the list goes on; nothing where it does not. */
export interface Page<Item> {
  readonly items: readonly Item[];
  readonly next: number | undefined;
}

/** The same as `must` for a page of a list, whose `Link` names the next one. */
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

/** A key by which a repeated request is known: whatever breaks off meanwhile, it is carried out once. */
export function newKey(): string {
  // Not randomUUID, which browsers keep from pages without TLS.
  return Array.from(crypto.getRandomValues(new Uint8Array(16)), (byte) => byte.toString(16).padStart(2, '0')).join('');
}
