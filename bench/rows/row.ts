import type { Load, Measured, Shot } from '../load/load.ts';
import type { Crowd, Person } from '../people.ts';
import type { BenchServer } from '../server.ts';

/** The server and the folder that all measured systems of a run share. */
export interface BenchContext {
  readonly server: BenchServer;
  /** A temporary folder for logs and embedded databases. */
  readonly folder: string;
}

/** The data that is stored before the first request. */
export interface Setting {
  readonly people: number;
  /** The number of people without money. */
  readonly poor: number;
  /** The number of stored bookings of other people. */
  readonly stored: number;
}

export interface NewEvents {
  readonly count: number;
  readonly slots: number;
  readonly price: number;
}

/** A running measured system, which takes bookings. */
export interface Target {
  readonly crowd: Crowd;
  /** The processes whose CPU time and memory are measured. */
  readonly pids: readonly number[];
  /** Creates events. @returns their ids. */
  createEvents(events: NewEvents): Promise<number[]>;
  /** The request with which a person books one slot of an event. */
  shot(person: Person, eventId: number): Shot;
  /** Runs a load on these events. */
  drive(load: LoadWithoutUrl, eventIds: readonly number[]): Promise<Measured>;
  /** The number of free slots of an event. */
  freeSlots(eventId: number): Promise<number>;
  /** @throws when the stored records do not agree. */
  reconcile(): Promise<void>;
  close(): Promise<void>;
}

/** A load without the address, which the target adds. */
export type LoadWithoutUrl = Load extends infer Each ? (Each extends Load ? Omit<Each, 'url'> : never) : never;

/** A measured system: one row of each table, and one name of `--rows`. */
export interface Row {
  readonly name: string;
  readonly title: string;
  /**
   * The number of clients that saturate the system, if lower than `--connections`. More clients would only wait, and
   * requests that still wait at the end of a turn are not counted.
   */
  readonly connections?: number;
  /** Why the system cannot run on this machine; left out if it can. */
  readonly missing?: string;
  open(context: BenchContext, setting: Setting): Promise<Target>;
}
