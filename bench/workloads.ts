import type { Measured, Shot } from './load/load.ts';
import type { Setting, Target } from './rows/row.ts';

/** The duration and the number of clients of a workload. */
export interface Effort {
  readonly seconds: number;
  readonly connections: number;
}

export interface Workload {
  readonly title: string;
  /**
   * Workloads of one group run in the same rounds, so that their ratios are fair. They have the same setting, and the
   * data that one workload stores must not affect the others.
   */
  readonly group: 'bookings' | 'refusals' | 'reads';
  /** The names of the measured systems that run the workload. */
  readonly rows: readonly string[];
  readonly setting: Setting;
  run(target: Target, effort: Effort): Promise<Measured>;
}

const setting: Setting = { people: 2_000, poor: 0, stored: 0 };
const all = ['one', 'against', 'four', 'embedded', 'of-one', 'dbos', 'restate', 'ceiling'];
const own = ['one', 'against', 'four', 'embedded'];
/** More slots than any run sells. */
const plenty = 2_000_000_000;
/** The number of different requests that each connection repeats. */
const shotsOfEach = 8;
/** The number of events that the workload `read` creates and lists. */
const listed = 20;
const flash = { slots: 500, requests: 20_000 };

/** Returns the bookings that each connection requests. The people take turns, and so do the events. */
export function bookings(target: Target, eventIds: readonly number[], connections: number): Shot[][] {
  const { people } = target.crowd;
  let next = 0;
  const shot = () => {
    next += 1;
    const [person, eventId] = [people[next % people.length], eventIds[next % eventIds.length]];
    if (person === undefined || eventId === undefined) throw new Error('there are no people, or no events');
    return target.shot(person, eventId);
  };
  return Array.from({ length: connections }, () => Array.from({ length: shotsOfEach }, shot));
}

/** Books at new events that cannot sell out. */
export async function bookAt(target: Target, { connections, seconds }: Effort, events: number): Promise<Measured> {
  const eventIds = await target.createEvents({ count: events, slots: plenty, price: 5 });
  const shots = bookings(target, eventIds, connections);
  return target.drive({ kind: 'closed', connections, shots, seconds }, eventIds);
}

/** Sends many more requests than there are slots. @throws unless exactly all slots are sold. */
async function sellOut(target: Target, { connections }: Effort): Promise<Measured> {
  const eventIds = await target.createEvents({ count: 1, slots: flash.slots, price: 5 });
  const shots = bookings(target, eventIds, connections);
  const measured = await target.drive({ kind: 'closed', connections, shots, amount: flash.requests }, eventIds);
  const free = await target.freeSlots(eventIds[0] ?? 0);
  if (free !== 0) throw new Error(`${flash.requests} requests left ${free} of ${flash.slots} slots free`);
  return measured;
}

/** Sends nine requests for the list of events for each request for the person's own bookings. */
async function read(target: Target, { connections, seconds }: Effort): Promise<Measured> {
  await target.createEvents({ count: listed, slots: plenty, price: 5 });
  const shots = Array.from({ length: connections }, (_, connection) => {
    const { headers } = target.shot(target.crowd.people[connection] ?? target.crowd.admin, 1);
    const get = (path: string): Shot => ({ method: 'GET', path, headers });
    const lists = Array.from({ length: 9 }, () => get(`/events/get?limit=${listed}`));
    // The connections request bookings at different places in the sequence, which spreads these requests over time.
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
    // All requests of a load go to one address, and only a one-process system answers both kinds of requests there.
    rows: ['one', 'against', 'embedded'],
    setting,
    run: read,
  },
} as const satisfies Record<string, Workload>;

export type PlainName = keyof typeof workloads;

/** `growth` and `curve` run only on `one`, see growth-workload.ts and curve-workload.ts. */
export const workloadNames = [...(Object.keys(workloads) as PlainName[]), 'growth', 'curve'] as const;
export type WorkloadName = (typeof workloadNames)[number];
