import type { Load, Measured, Shot } from '../load/load.ts';
import type { Crowd, Person } from '../people.ts';
import type { BenchServer } from '../server.ts';

/** What all rows of a run are made with. */
export interface BenchContext {
  readonly server: BenchServer;
  /** A folder for whatever is not in the server; it is deleted at the end. */
  readonly folder: string;
}

/** Who and what is there before the first request. */
export interface Setting {
  readonly people: number;
  /** How many of them have no money. */
  readonly poor: number;
  /** How many bookings of others are stored already. */
  readonly stored: number;
}

export interface NewEvents {
  readonly count: number;
  readonly slots: number;
  readonly price: number;
}

/** Something that takes bookings, started and ready. */
export interface Target {
  readonly crowd: Crowd;
  /** Its processes: those whose memory is its own. */
  readonly pids: readonly number[];
  /** Creates events. @returns their ids. */
  createEvents(events: NewEvents): Promise<number[]>;
  /** What each person sends to book one slot at an event. */
  shot(person: Person, eventId: number): Shot;
  /** Puts a load on it that leads to these events. */
  drive(load: Aimless, eventIds: readonly number[]): Promise<Measured>;
  /** How many slots of an event nobody holds. */
  freeSlots(eventId: number): Promise<number>;
  /** @throws when what was written does not agree. */
  reconcile(): Promise<void>;
  close(): Promise<void>;
}

/** A load that does not know yet where it goes. */
export type Aimless = Load extends infer Each ? (Each extends Load ? Omit<Each, 'url'> : never) : never;

/** A line of the table. */
export interface Row {
  readonly name: string;
  readonly title: string;
  /**
   * How many clients saturate it, where fewer do than ask all others: more would only wait, and those who still wait at
   * the end of a turn are not counted.
   */
  readonly connections?: number;
  /** Why it can't be run here; left out when it can. */
  readonly missing?: string;
  open(context: BenchContext, setting: Setting): Promise<Target>;
}
