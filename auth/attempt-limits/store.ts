import type { Database } from '../../platform/database/database.ts';
import { schema } from '../schema.ts';

/** A window in which an attempt is counted. */
export interface AttemptWindow {
  readonly key: Buffer;
  /** When the window ends. `count` uses it only for a window that begins with this attempt. */
  readonly endsAt: Date;
}

/** The number of attempts in a window, including the new one, and when the window ends. */
export interface WindowCount {
  readonly count: number;
  readonly endsAt: Date;
}

export interface AttemptStore {
  /** Counts one attempt in each window; keys must differ. @returns the counts in the same order. */
  count(windows: readonly AttemptWindow[], now: Date): Promise<WindowCount[]>;
  /** Subtracts one attempt from each window, unless a later window has replaced it. */
  takeBack(windows: readonly AttemptWindow[]): Promise<void>;
  /** Whether each place was seen after `since`, in the same order. */
  areKnown(places: readonly Buffer[], since: Date): Promise<boolean[]>;
  remember(places: readonly Buffer[], now: Date): Promise<void>;
  /** Deletes windows that have ended and places last seen before `seenBefore`: at most `atMost` of each. */
  dropOld(now: Date, seenBefore: Date, atMost: number): Promise<void>;
}

// One statement increments and returns the count, so each of a thousand simultaneous guesses gets a different number.
// Rows are locked in key order.
const countAttempts = `
insert into ${schema}.attempt as kept (key, count, ends_at)
select key, 1, ends_at
from   unnest($1::bytea[], $2::timestamptz[]) as tried (key, ends_at)
order  by key
on conflict (key) do update
set    count   = case when kept.ends_at <= $3 then 1 else kept.count + 1 end,
       ends_at = case when kept.ends_at <= $3 then excluded.ends_at else kept.ends_at end
returning key, count, ends_at as "endsAt"`;

// Locks rows in the same order as countAttempts. A window that began after the attempt is not decremented: otherwise
// each attempt in flight when a window ends would allow one more guess in the next window.
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

// A login runs this statement. The limit keeps it short, even after a flood of attempts. `array (…)` makes the inner
// query run once.
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

/** Keeps attempts and known places in auth's database, so that all replicas share the counts. */
export function createAttemptStore(database: Database): AttemptStore {
  return {
    async count(windows, now) {
      const counted = await database.query<WindowCount & { key: Uint8Array }>(countAttempts, [
        ...columnsOf(windows),
        now,
      ]);
      const byKey = new Map(counted.map(({ key, count, endsAt }) => [hex(key), { count, endsAt }]));
      return windows.map(({ key }) => byKey.get(hex(key)) as WindowCount);
    },
    async takeBack(windows) {
      await database.query(takeAttemptsBack, columnsOf(windows));
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

const columnsOf = (windows: readonly AttemptWindow[]) => [
  windows.map(({ key }) => key),
  windows.map(({ endsAt }) => endsAt),
];

const hex = (bytes: Uint8Array) => Buffer.from(bytes).toString('hex');
