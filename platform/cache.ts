import { LruMap } from 'toad-cache';
import { batchEach } from './batch.ts';
import { entry } from './collections.ts';
import type { World } from './world.ts';

/** Looks a key up by a query whose results are cached. */
export interface CachedLookup<Key, Result> {
  (key: Key): Promise<Result>;
  /** Drops a cached result, also when its query is still under way. */
  forget(key: Key): void;
}

/**
 * Caches the result of a query for `forMs`. Concurrent callers share the query that is under way. Failures are not
 * cached: the next caller queries again.
 * @param limits.atMost the maximum number of cached results; beyond it the least recently used one is evicted.
 */
export function cacheLookups<Key extends string | number | undefined, Result>(
  world: World,
  { forMs, atMost }: { readonly forMs: number; readonly atMost: number },
  query: (key: Key) => Promise<Result>,
): CachedLookup<Key, Result> {
  // Expiry is checked with the time of `World`: the TTL of the library would read the system clock.
  const cached = new LruMap<{ readonly result: Promise<Result>; readonly untilMs: number }>(atMost);

  function lookUp(key: Key): Promise<Result> {
    const known = cached.get(key);
    if (known !== undefined && known.untilMs > world.now()) return known.result;
    const fetched = { result: query(key), untilMs: world.now() + forMs };
    cached.set(key, fetched);
    fetched.result.catch(() => {
      if (cached.get(key) === fetched) cached.delete(key);
    });
    return fetched.result;
  }

  return Object.assign(lookUp, { forget: (key: Key) => cached.delete(key) });
}

/**
 * Concurrent callers with the same key share one query that starts after they ask, so each result is as new as that of
 * the caller's own query. An idle process queries at once.
 * @param cacheKey callers with the same key share a result.
 */
export function shareQueries<Question, Answer>(
  world: World,
  cacheKey: (question: Question) => string,
  query: (question: Question) => Promise<Answer>,
): (question: Question) => Promise<Answer> {
  // Results are settled separately: a failed query fails only its own callers.
  return batchEach(world, { lanes: 2, maxBatch: 500 }, (questions) => {
    const queries = new Map<string, Promise<Answer>>();
    return Promise.allSettled(questions.map((question) => entry(queries, cacheKey(question), () => query(question))));
  });
}
