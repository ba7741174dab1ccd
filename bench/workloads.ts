import type { Measured, Shot } from './load/load.ts';
import type { Setting, Target } from './rows/row.ts';

/** How hard a workload is run. */
export interface Effort {
  readonly seconds: number;
  readonly connections: number;
}

/** A way of asking that rows are compared by. */
export interface Workload {
  readonly title: string;
  /**
   * Workloads of one group are run on the same rows, in the same rounds: their ratios are fair. They begin with the same
   * setting, and what one stores must not matter to the others.
   */
  readonly group: 'bookings' | 'refusals' | 'reads';
  /** The rows that it tells something about. */
  readonly rows: readonly string[];
  readonly setting: Setting;
  run(target: Target, effort: Effort): Promise<Measured>;
}

const setting: Setting = { people: 2_000, poor: 0, stored: 0 };
const all = ['one', 'against', 'four', 'embedded', 'of-one', 'dbos', 'restate', 'ceiling'];
const own = ['one', 'against', 'four', 'embedded'];
/** More slots than any run sells. */
const plenty = 2_000_000_000;
/** How many different requests each connection asks, over and over. */
const shotsOfEach = 8;
/** How many events a list shows. */
const listed = 20;
const flash = { slots: 500, requests: 20_000 };

/** What each connection asks: everybody in turn, at the events in turn. */
export function bookings(target: Target, eventIds: readonly number[], connections: number): Shot[][] {
  const { people } = target.crowd;
  let next = 0;
  const shot = () => {
    next += 1;
    const [person, eventId] = [people[next % people.length], eventIds[next % eventIds.length]];
    if (person === undefined || eventId === undefined) throw new Error('nobody, or no event, is there');
    return target.shot(person, eventId);
  };
  return Array.from({ length: connections }, () => Array.from({ length: shotsOfEach }, shot));
}

/** Books at new events with room for all. */
export async function bookAt(target: Target, { connections, seconds }: Effort, events: number): Promise<Measured> {
  const eventIds = await target.createEvents({ count: events, slots: plenty, price: 5 });
  const shots = bookings(target, eventIds, connections);
  return target.drive({ kind: 'closed', connections, shots, seconds }, eventIds);
}

/** Many more requests than slots, all at once. @throws when another number of slots is sold than there are. */
async function sellOut(target: Target, { connections }: Effort): Promise<Measured> {
  const eventIds = await target.createEvents({ count: 1, slots: flash.slots, price: 5 });
  const shots = bookings(target, eventIds, connections);
  const measured = await target.drive({ kind: 'closed', connections, shots, amount: flash.requests }, eventIds);
  const free = await target.freeSlots(eventIds[0] ?? 0);
  if (free !== 0) throw new Error(`${flash.requests} requests left ${free} of ${flash.slots} slots free`);
  return measured;
}

/** Nine times the list of events to once one's own bookings. */
async function read(target: Target, { connections, seconds }: Effort): Promise<Measured> {
  await target.createEvents({ count: listed, slots: plenty, price: 5 });
  const shots = Array.from({ length: connections }, (_, connection) => {
    const { headers } = target.shot(target.crowd.people[connection] ?? target.crowd.admin, 1);
    const get = (path: string): Shot => ({ method: 'GET', path, headers });
    const lists = Array.from({ length: 9 }, () => get(`/events/get?limit=${listed}`));
    // Not everybody looks for the own bookings at the same moment.
    return lists.toSpliced(connection % 10, 0, get('/book/get'));
  });
  return target.drive({ kind: 'closed', connections, shots, seconds }, []);
}

export const workloads = {
  hot: {
    title: 'one hot event, room for all',
    group: 'bookings',
    rows: all,
    setting,
    run: (target, effort) => bookAt(target, effort, 1),
  },
  alone: {
    title: 'one client alone',
    group: 'bookings',
    rows: ['one', 'against', 'four', 'embedded', 'ceiling'],
    setting,
    run: (target, effort) => bookAt(target, { ...effort, connections: 1 }, 1),
  },
  many: {
    title: '1,000 events',
    group: 'bookings',
    rows: ['one', 'against', 'four', 'embedded'],
    setting,
    run: (target, effort) => bookAt(target, effort, 1_000),
  },
  flash: {
    title: 'flash sale: 20,000 requests for 500 slots',
    group: 'bookings',
    rows: own,
    setting,
    run: sellOut,
  },
  poor: {
    title: 'a quarter refused for insufficient funds',
    group: 'refusals',
    rows: own,
    setting: { ...setting, poor: setting.people / 4 },
    run: (target, effort) => bookAt(target, effort, 1),
  },
  read: {
    title: 'reads: nine lists of events to one of bookings',
    group: 'reads',
    // One address answers both lists only where one process does.
    rows: ['one', 'against', 'embedded'],
    setting,
    run: read,
  },
} as const satisfies Record<string, Workload>;

export type PlainName = keyof typeof workloads;

/** `growth` and `curve` are about one row alone, and stand in files of their own. */
export const workloadNames = [...(Object.keys(workloads) as PlainName[]), 'growth', 'curve'] as const;
export type WorkloadName = (typeof workloadNames)[number];
