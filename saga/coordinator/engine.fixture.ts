import assert from 'node:assert/strict';
import { VirtualWorld } from '../../test/simulation/world.ts';
import { Engine } from './engine.ts';
import type { EngineLimits } from './limits.ts';
import type { Observer } from './observer.ts';
import { type Parcel, type ParcelAnswer, type ParcelState, ParcelStore, parcels } from './parcels.fixture.ts';

export type Ask = (set: readonly Parcel[]) => Promise<readonly ParcelAnswer[]>;

export const yes: Ask = async (set) => set.map(() => ({ accepted: true }));
export const no: Ask = async (set) => set.map(() => ({ accepted: false }));
export const minuteMs = 60_000;

/** The parts of an engine that a test sets; all others have defaults. */
export interface Setting {
  readonly pack?: Ask;
  readonly ship?: Ask;
  readonly unpack?: Ask;
  readonly limits?: Partial<EngineLimits>;
  readonly events?: Observer;
  readonly store?: ParcelStore;
  readonly world?: VirtualWorld;
  /** True for an engine that neither renews leases nor takes over instances, like a crashed process. */
  readonly isDead?: boolean;
}

/** Starts an engine that runs the parcel saga in a virtual world. */
export function startEngine({
  pack = yes,
  ship = yes,
  unpack = yes,
  limits = {},
  events = {},
  ...given
}: Setting = {}) {
  const world = given.world ?? new VirtualWorld(1);
  const store = given.store ?? new ParcelStore();
  const engine = new Engine<ParcelState, Parcel, string, ParcelAnswer>({
    saga: parcels,
    store,
    world,
    limits,
    observer: events,
    isBulk: ({ label }) => label === 'bulk',
    actions: {
      pack: { participant: 'warehouse', ask: pack },
      unpack: { participant: 'warehouse', ask: unpack },
      ship: { participant: 'carrier', ask: ship },
    },
  });
  if (!given.isDead) engine.start();
  /** Advances virtual time until a promise settles. */
  const until = async <Result>(promise: Promise<Result>): Promise<Result> => {
    let isOver = false;
    const over = () => {
      isOver = true;
    };
    promise.then(over, over);
    await world.run(() => isOver, 10 * minuteMs);
    assert.ok(isOver, 'the promise did not settle in ten minutes');
    return promise;
  };
  return { world, store, engine, until };
}

/** The states of all parcels, in the order of their ids. */
export const statesOf = (store: ParcelStore) => [...store.rows.values()].map(({ parcel }) => parcel.state);
export const isSettled = (store: ParcelStore) => [...store.rows.values()].every(({ dueAtMs }) => dueAtMs === null);
