import type { Database } from '../../platform/database/database.ts';
import { schema } from '../schema.ts';

/** One more attempt of somebody, and when a window ends that begins with it. */
export interface Attempt {
  readonly key: Buffer;
  readonly endsAt: Date;
}

/** How many attempts there were with this one, and when they are forgotten. */
export interface Attempts {
  readonly count: number;
  readonly endsAt: Date;
}

export interface AttemptsStore {
  /** Counts a set of attempts with different keys. @returns how many there were of each, in the same order. */
  count(attempts: readonly Attempt[], now: Date): Promise<Attempts[]>;
  /** Takes one attempt back from each of the windows, as they were counted; one that has ended since is left alone. */
  takeBack(attempts: readonly Attempt[]): Promise<void>;
  /** Says of each place whether somebody was seen there since a time, in the same order. */
  areKnown(places: readonly Buffer[], since: Date): Promise<boolean[]>;
  /** Notes that somebody was seen at these places. */
  remember(places: readonly Buffer[], now: Date): Promise<void>;
  /** Deletes windows that have ended, and places where nobody was seen since a time: at most so many of each. */
  dropOld(now: Date, seenBefore: Date, atMost: number): Promise<void>;
}

// One statement takes a place in the count and reads it, so that of a thousand guesses at once each sees a number of
// its own. Rows are locked in the order of their keys.
const countAttempts = `
insert into ${schema}.attempt as kept (key, count, ends_at)
select key, 1, ends_at
from   unnest($1::bytea[], $2::timestamptz[]) as tried (key, ends_at)
order  by key
on conflict (key) do update
set    count   = case when kept.ends_at <= $3 then 1 else kept.count + 1 end,
       ends_at = case when kept.ends_at <= $3 then excluded.ends_at else kept.ends_at end
returning key, count, ends_at as "endsAt"`;

// Locked in the same order, for whoever counts meanwhile. A window that began since has nothing to give back: whoever
// had many attempts under way when the last one ended would guess as many times for nothing.
const takeAttemptsBack = `
update ${schema}.attempt
set    count = attempt.count - 1
from   (select kept.key
        from   ${schema}.attempt as kept
        join   unnest($1::bytea[], $2::timestamptz[]) as given (key, ends_at) using (key, ends_at)
        order  by kept.key
        for    update of kept) as tried
where  attempt.key = tried.key
and    attempt.count > 0`;

const selectKnown = `
select known_place.key is not null as "isKnown"
from   unnest($1::bytea[]) with ordinality as asked (key, position)
left   join ${schema}.known_place on known_place.key = asked.key and known_place.seen_at > $2
order  by asked.position`;

const upsertPlaces = `
insert into ${schema}.known_place (key, seen_at)
select key, $2::timestamptz
from   unnest($1::bytea[]) as seen (key)
order  by key
on conflict (key) do update
set    seen_at = excluded.seen_at`;

// Limited, so that a login after a flood does not pay for all of it. As an array the inner query runs once.
const deleteEnded = `
delete from ${schema}.attempt
where  key = any (array(
         select key from ${schema}.attempt where ends_at <= $1 order by ends_at limit $2 for update skip locked
       ))`;

const deleteForgotten = `
delete from ${schema}.known_place
where  key = any (array(
         select key from ${schema}.known_place where seen_at <= $1 order by seen_at limit $2 for update skip locked
       ))`;

/** Attempts and known places in auth's database, so that all its replicas count together. */
export function createAttemptsStore(database: Database): AttemptsStore {
  return {
    async count(attempts, now) {
      const counted = await database.query<Attempts & { key: Uint8Array }>(countAttempts, [
        ...columnsOf(attempts),
        now,
      ]);
      const byKey = new Map(counted.map(({ key, count, endsAt }) => [hex(key), { count, endsAt }]));
      return attempts.map(({ key }) => byKey.get(hex(key)) as Attempts);
    },
    async takeBack(attempts) {
      await database.query(takeAttemptsBack, columnsOf(attempts));
    },
    async areKnown(places, since) {
      const found = await database.query<{ isKnown: boolean }>(selectKnown, [places, since]);
      return found.map(({ isKnown }) => isKnown);
    },
    async remember(places, now) {
      await database.query(upsertPlaces, [places, now]);
    },
    async dropOld(now, seenBefore, atMost) {
      await database.query(deleteEnded, [now, atMost]);
      await database.query(deleteForgotten, [seenBefore, atMost]);
    },
  };
}

const columnsOf = (attempts: readonly Attempt[]) => [
  attempts.map(({ key }) => key),
  attempts.map(({ endsAt }) => endsAt),
];

const hex = (bytes: Uint8Array) => Buffer.from(bytes).toString('hex');
