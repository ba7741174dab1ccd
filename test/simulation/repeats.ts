import type { Keyed } from '../../platform/http/idempotency-key.ts';
import type { Ground } from './sites.ts';

/**
 * Sends the same request several times, at once or after a while, as clients do that got no answer in time.
 * @returns the outcome of each.
 */
export async function sendOften<Outcome>(
  { world, weather, history }: Ground,
  sends: number,
  send: () => Promise<Outcome>,
): Promise<Outcome[]> {
  if (sends > 1) history.count('request sent again with its key', sends - 1);
  const outcomes = Array.from({ length: Math.max(1, sends) }, async (_, index) => {
    const atMs = index === 0 ? 0 : weather.pick([0, weather.between(0, 50), weather.between(0, 6_000)]);
    if (atMs > 0) await new Promise<void>((resolve) => void world.later(atMs, resolve));
    return send();
  });
  return Promise.all(outcomes);
}

/** The idempotency key of a client's errand, if it has one. */
export function keyFor(client: string, sends: number, personId: number): { readonly keyed?: Keyed } {
  if (sends === 0) return {};
  return { keyed: { personId, route: 'POST', key: client, fingerprint: client } };
}
