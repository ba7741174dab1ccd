import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { OutcomeUnknown, Unavailable } from '../kit/errors.ts';
import { VirtualWorld } from '../sim/world.ts';
import { Engine, type EngineLimits } from './engine.ts';
import type { EngineEvents } from './events.ts';
import { type Parcel, type ParcelAnswer, type ParcelState, ParcelStore, parcels } from './parcels.fixture.ts';

type Ask = (set: readonly Parcel[]) => Promise<readonly ParcelAnswer[]>;

const yes: Ask = async (set) => set.map(() => ({ accepted: true }));
const no: Ask = async (set) => set.map(() => ({ accepted: false }));
const minuteMs = 60_000;

interface Setting {
  readonly pack?: Ask;
  readonly ship?: Ask;
  readonly unpack?: Ask;
  readonly limits?: Partial<EngineLimits>;
  readonly events?: EngineEvents;
  readonly store?: ParcelStore;
  readonly world?: VirtualWorld;
  /** Does not look after what it holds: as good as dead once its questions get no answer. */
  readonly isDead?: boolean;
}

function startEngine({ pack = yes, ship = yes, unpack = yes, limits = {}, events = {}, ...given }: Setting = {}) {
  const world = given.world ?? new VirtualWorld(1);
  const store = given.store ?? new ParcelStore();
  const engine = new Engine<ParcelState, Parcel, string, ParcelAnswer>({
    saga: parcels,
    store,
    world,
    limits,
    events,
    isMass: ({ label }) => label === 'mass',
    actions: {
      pack: { participant: 'warehouse', ask: pack },
      unpack: { participant: 'warehouse', ask: unpack },
      ship: { participant: 'carrier', ask: ship },
    },
  });
  if (!given.isDead) engine.start();
  /** Lets virtual time pass until a promise of the engine's has settled. */
  const until = async <Result>(promise: Promise<Result>): Promise<Result> => {
    let isOver = false;
    const over = () => {
      isOver = true;
    };
    promise.then(over, over);
    await world.run(() => isOver, 10 * minuteMs);
    assert.ok(isOver, 'nothing came of it in ten minutes');
    return promise;
  };
  return { world, store, engine, until };
}

const statesOf = (store: ParcelStore) => [...store.rows.values()].map(({ parcel }) => parcel.state);
const isSettled = (store: ParcelStore) => [...store.rows.values()].every(({ dueAtMs }) => dueAtMs === null);

/** Fails the first `times` questions with an error, then answers yes. */
function failing(times: number, error: () => unknown): Ask & { asked: number } {
  const ask: Ask & { asked: number } = Object.assign(
    async (set: readonly Parcel[]) => {
      ask.asked += 1;
      if (ask.asked <= times) throw error();
      return yes(set);
    },
    { asked: 0 },
  );
  return ask;
}

describe('an engine runs a saga that is not about bookings', () => {
  test('accepted all the way: delivered', async () => {
    const { engine, until, store } = startEngine();
    assert.equal((await until(engine.create('book', minuteMs))).state, 'delivered');
    assert.deepEqual(store.rows.get(1)?.history, ['packing', 'shipping', 'delivered']);
  });

  test('refused at the second step: what the first did is undone', async () => {
    const { engine, until, store } = startEngine({ ship: no });
    assert.equal((await until(engine.create('book', minuteMs))).state, 'kept');
    assert.deepEqual(store.rows.get(1)?.history, ['packing', 'shipping', 'unpacking', 'kept']);
  });

  test('without a wait the instance is answered as it was stored, and runs on', async () => {
    const { engine, until, store, world } = startEngine();
    assert.equal((await until(engine.create('book', 0))).state, 'packing');
    await world.run(() => isSettled(store), minuteMs);
    assert.deepEqual(statesOf(store), ['delivered']);
  });

  test('those that arrive together go on together, in sets no larger than the limit', async () => {
    const sizes: number[] = [];
    const limits = { sets: { lanes: 1, maxSet: 40 } };
    const { engine, until } = startEngine({ limits, events: { asked: (_action, size) => sizes.push(size) } });
    await until(Promise.all(Array.from({ length: 100 }, (_, index) => engine.create(`${index}`, minuteMs))));
    assert.ok(Math.max(...sizes) === 40 && sizes.length <= 10, `sets of ${sizes}`);
  });

  test('an answer of the wrong length moves nobody until it is put right', async () => {
    let asked = 0;
    const pack: Ask = async (set) => {
      asked += 1;
      return asked === 1 ? [] : yes(set);
    };
    const { engine, until, store } = startEngine({ pack });
    assert.equal((await until(engine.create('book', minuteMs))).state, 'delivered');
    assert.equal(store.rows.get(1)?.history.length, 3);
  });
});

describe('a participant that is away', () => {
  test('is asked again until it answers, one probe at a time, and the set stays whole', async () => {
    const sizes: number[] = [];
    let isThere = false;
    const pack: Ask = async (set) => {
      sizes.push(set.length);
      if (!isThere) throw new Unavailable('away');
      return yes(set);
    };
    const away: string[] = [];
    const events = { away: (name: string, isAway: boolean) => void away.push(`${name} ${isAway}`) };
    const { engine, until, world } = startEngine({ pack, events });
    const all = Promise.all(Array.from({ length: 20 }, (_, index) => engine.create(`${index}`, minuteMs)));
    await world.run(() => false, 20_000);
    assert.deepEqual(engine.away, ['warehouse']);
    const probes = sizes.length;
    assert.ok(probes >= 10 && probes <= 40, `${probes} questions in 20 s: pauses of 0.1 to 2 s`);
    isThere = true;
    assert.ok((await until(all)).every(({ state }) => state === 'delivered'));
    assert.deepEqual(away, ['warehouse true', 'warehouse false']);
    assert.deepEqual(new Set(sizes.slice(0, probes)), new Set([20]), 'no set was split');
  });

  test('holds up nobody who does not need it', async () => {
    const ship: Ask = async () => {
      throw new Unavailable('away');
    };
    const { engine, world, store } = startEngine({ ship });
    void engine.create('waits for the carrier', 0);
    await world.run(() => store.rows.get(1)?.parcel.state === 'shipping', minuteMs);
    void engine.create('is packed meanwhile', 0);
    await world.run(() => store.rows.get(2)?.parcel.state === 'shipping', minuteMs);
    assert.deepEqual(statesOf(store), ['shipping', 'shipping']);
  });
});

describe('a poisonous instance', () => {
  const poison: Ask = async (set) => {
    if (set.some(({ label }) => label === 'poison')) throw new Error('this can not be packed');
    return yes(set);
  };

  test('is found by halves: the others go on, it backs off alone and shows up as stuck', async () => {
    const stuck: number[] = [];
    const { engine, world, store } = startEngine({ pack: poison, events: { stuck: (id) => void stuck.push(id) } });
    for (let index = 0; index < 64; index += 1) void engine.create(index === 13 ? 'poison' : 'good', 0);
    await world.run(() => statesOf(store).filter((state) => state === 'delivered').length === 63, minuteMs);
    assert.deepEqual(new Set(stuck), new Set([14]));
    const row = store.rows.get(14);
    assert.equal(row?.parcel.state, 'packing');
    assert.match(row?.error ?? '', /can not be packed/);
  });

  test('is tried again ever more rarely, up to every 30 s, and settles when it is healed', async () => {
    let isHealed = false;
    const moments: number[] = [];
    const world = new VirtualWorld(1);
    const pack: Ask = async (set) => {
      moments.push(world.now());
      return isHealed ? yes(set) : poison(set);
    };
    const { engine, store } = startEngine({ pack, world });
    void engine.create('poison', 0);
    await world.run(() => false, 10 * minuteMs);
    const pauses = moments.slice(1).map((moment, index) => moment - (moments[index] ?? 0));
    assert.ok(Math.max(...pauses) <= 32_000 && (pauses.at(-1) ?? 0) > 20_000, `${pauses}`);
    isHealed = true;
    await world.run(() => isSettled(store), minuteMs);
    assert.deepEqual(statesOf(store), ['delivered']);
  });

  test('a refusal where none is allowed is the failure of its instance alone', async () => {
    const unpack: Ask = async (set) => set.map(({ label }) => ({ accepted: label !== 'poison' }));
    const { engine, world, store } = startEngine({ ship: no, unpack });
    for (const label of ['good', 'poison', 'good']) void engine.create(label, 0);
    await world.run(() => statesOf(store).filter((state) => state === 'kept').length === 2, minuteMs);
    assert.deepEqual(statesOf(store), ['kept', 'unpacking', 'kept']);
  });
});

describe('a cancellation', () => {
  test('in an open state undoes what was done, while its step is still under way', async () => {
    let letGo: () => void = () => {};
    const hold = new Promise<void>((resolve) => {
      letGo = resolve;
    });
    const ship: Ask = async (set) => {
      await hold;
      return yes(set);
    };
    const { engine, world, store, until } = startEngine({ ship });
    const created = engine.create('book', minuteMs);
    await world.run(() => store.rows.get(1)?.parcel.state === 'shipping', minuteMs);
    const canceled = await until(engine.cancel(1, 'changed my mind', minuteMs));
    assert.equal(canceled?.state, 'kept');
    letGo();
    assert.equal((await until(created)).state, 'kept');
    assert.deepEqual(store.rows.get(1)?.history, ['packing', 'shipping', 'unpacking', 'kept']);
  });

  test('many at once undo once; one of what has settled for good changes nothing', async () => {
    let unpacked = 0;
    const unpack: Ask = async (set) => {
      unpacked += set.length;
      return yes(set);
    };
    const ship: Ask = async () => {
      throw new Unavailable('away');
    };
    const { engine, world, store, until } = startEngine({ ship, unpack });
    void engine.create('book', 0);
    await world.run(() => store.rows.get(1)?.parcel.state === 'shipping', minuteMs);
    const all = await until(Promise.all(Array.from({ length: 5 }, () => engine.cancel(1, 'why', minuteMs))));
    assert.deepEqual(
      all.map((parcel) => parcel?.state),
      Array(5).fill('kept'),
    );
    assert.equal((await until(engine.cancel(1, 'again', minuteMs)))?.state, 'kept');
    assert.equal(unpacked, 1);
    assert.equal(await until(engine.cancel(99, 'nobody', minuteMs)), undefined);
  });
});

describe('several engines on one store', () => {
  test('what a dead one left open is taken up when it is due, and whoever waits elsewhere is told', async () => {
    const world = new VirtualWorld(1);
    const store = new ParcelStore();
    const dead = startEngine({ world, store, pack: () => new Promise(() => {}), isDead: true });
    void dead.engine.create('book', 0);
    await world.run(() => store.rows.size === 1, minuteMs);
    const recovered: number[] = [];
    const alive = startEngine({ world, store, events: { recovered: (count) => void recovered.push(count) } });
    await world.run(() => isSettled(store), 7_000);
    assert.deepEqual(statesOf(store), ['delivered']);
    assert.deepEqual(recovered, [1]);
    assert.equal(alive.engine.open, 0);
  });

  test('both run the same instance: each move happens once, and both their clients get the answer', async () => {
    const world = new VirtualWorld(7);
    const store = new ParcelStore();
    const slow: Ask = (set) => new Promise((resolve) => world.later(3_000, () => resolve(yes(set))));
    const one = startEngine({ world, store, pack: slow });
    const other = startEngine({ world, store, pack: slow });
    const created = one.engine.create('book', minuteMs);
    await world.run(() => store.rows.size === 1, minuteMs);
    const [row] = store.rows.values();
    if (row) row.dueAtMs = world.now();
    await world.run(() => other.engine.open === 1, minuteMs);
    assert.equal((await one.until(created)).state, 'delivered');
    assert.deepEqual(store.rows.get(1)?.history, ['packing', 'shipping', 'delivered']);
  });

  test('an instance held for long is kept by its engine, and taken up by no other', async () => {
    const world = new VirtualWorld(3);
    const store = new ParcelStore();
    const away: Ask = async () => {
      throw new Unavailable('away');
    };
    const taken: number[] = [];
    const one = startEngine({ world, store, pack: away });
    startEngine({ world, store, pack: away, events: { recovered: (count) => taken.push(count) } });
    void one.engine.create('book', 0);
    await world.run(() => false, 2 * minuteMs);
    assert.equal(one.engine.open, 1);
    assert.deepEqual(taken, []);
  });
});

describe('the store fails', () => {
  test('during a move whose outcome is not known: nothing is done twice, and the saga settles', async () => {
    const store = new ParcelStore();
    let failures = 3;
    store.afterStatement = (name) => {
      if (name !== 'move' || failures === 0) return;
      failures -= 1;
      throw new OutcomeUnknown('the connection broke');
    };
    const { engine, until } = startEngine({ store });
    assert.equal((await until(engine.create('book', minuteMs))).state, 'delivered');
    assert.deepEqual(store.rows.get(1)?.history, ['packing', 'shipping', 'delivered']);
  });

  test('during the insertion, not known: the caller is told so, and what was stored settles all the same', async () => {
    const store = new ParcelStore();
    store.afterStatement = (name) => {
      if (name === 'insert') throw new OutcomeUnknown('the connection broke');
    };
    const { engine, until, world } = startEngine({ store });
    await assert.rejects(until(engine.create('book', minuteMs)), OutcomeUnknown);
    await world.run(() => isSettled(store), minuteMs);
    assert.deepEqual(statesOf(store), ['delivered']);
  });
});

describe('the store fails in a way that is no outage', () => {
  const fault = () => new Error('the disk is full of something else');

  test('while a failure is noted: the instance falls due, and is run all the same', async () => {
    const store = new ParcelStore();
    let failures = 1;
    store.beforeStatement = (name) => {
      if (name !== 'postpone' || failures === 0) return;
      failures -= 1;
      throw fault();
    };
    let isPoisoned = true;
    const pack: Ask = async (set) => {
      if (isPoisoned) throw new Error('poison');
      return yes(set);
    };
    const { engine, world } = startEngine({ store, pack });
    void engine.create('book', 0);
    await world.run(() => failures === 0, minuteMs);
    isPoisoned = false;
    await world.run(() => isSettled(store), minuteMs);
    assert.deepEqual(statesOf(store), ['delivered']);
  });

  test('while leases are renewed: what was left behind is taken up all the same', async () => {
    const world = new VirtualWorld(5);
    const store = new ParcelStore();
    store.beforeStatement = (name) => {
      if (name === 'pushDue') throw fault();
    };
    const { engine } = startEngine({ world, store, pack: () => new Promise(() => {}) });
    void engine.create('is held, and its lease can not be renewed', 0);
    await world.run(() => false, 10_000);
    await store.insert(['left behind'], new Date(0), new Date(0));
    await world.run(() => engine.open === 2, 3_000);
    assert.equal(engine.open, 2);
  });
});

describe('limits', () => {
  test('a full process leaves what is due to others, and cancels what it has no room for all the same', async () => {
    const world = new VirtualWorld(5);
    const store = new ParcelStore();
    await store.insert(Array(3).fill('book'), new Date(0), new Date(world.now() + 2_000));
    const full = startEngine({ world, store, pack: () => new Promise(() => {}), limits: { open: 1 } });
    await full.until(full.engine.create('fills it', 0));
    const canceled = full.engine.cancel(1, 'why', minuteMs);
    await world.run(() => store.rows.get(1)?.parcel.state === 'unpacking', minuteMs);
    assert.equal(full.engine.open, 1);
    const recovered: number[] = [];
    startEngine({ world, store, events: { recovered: (count) => recovered.push(count) } });
    assert.equal((await full.until(canceled))?.state, 'kept');
    await world.run(() => statesOf(store).filter((state) => state === 'delivered').length === 2, 4_000);
    assert.deepEqual(statesOf(store), ['kept', 'delivered', 'delivered', 'packing']);
  });

  test('beyond the bound of open instances nothing is taken in, and nothing is stored', async () => {
    const pack: Ask = () => new Promise(() => {});
    const { engine, until, store } = startEngine({ pack, limits: { open: 3 } });
    await until(Promise.all([1, 2, 3].map((index) => engine.create(`${index}`, 0))));
    await assert.rejects(engine.create('one too many', 0), Unavailable);
    assert.equal(store.rows.size, 3);
  });

  test('what is recovered is taken up only as room allows', async () => {
    const world = new VirtualWorld(5);
    const store = new ParcelStore();
    await store.insert(
      Array.from({ length: 10 }, () => 'left behind'),
      new Date(0),
      new Date(0),
    );
    const { engine } = startEngine({ world, store, pack: () => new Promise(() => {}), limits: { open: 4 } });
    await world.run(() => false, minuteMs);
    assert.equal(engine.open, 4);
  });
});

describe('instances that come in masses', () => {
  const page = (from: number) => Array.from({ length: 10 }, (_, index) => ({ id: from + index, reason: 'why' }));

  test('are taken up as their own bound allows, and keep nobody out', async () => {
    const world = new VirtualWorld(5);
    const store = new ParcelStore();
    await store.insert(Array(100).fill('mass'), new Date(0), new Date(world.now() + 1e9));
    const unpack: Ask = (set) => new Promise((resolve) => world.later(100, () => resolve(yes(set))));
    let most = 0;
    const events = {
      asked() {
        most = Math.max(most, engine.open);
      },
    };
    const { engine, until } = startEngine({ world, store, unpack, events, limits: { open: 2, mass: 20 } });
    let canceled = 0;
    const all = (async () => {
      for (let from = 1; from <= 100; from += 10) canceled += await engine.cancelMass(page(from));
    })();
    await world.run(() => engine.open > 0, minuteMs);
    assert.equal((await until(engine.create('book', minuteMs))).state, 'delivered', 'one comes in between');
    await until(all);
    await world.run(() => isSettled(store), minuteMs);
    assert.equal(canceled, 100);
    assert.ok(most <= 22, `${most} were held at once`);
    assert.deepEqual(new Set(statesOf(store).slice(0, 100)), new Set(['kept']));
  });

  test('rest between two sets as long as others are there', async () => {
    const world = new VirtualWorld(5);
    const store = new ParcelStore();
    await store.insert(Array(40).fill('mass'), new Date(0), new Date(world.now() + 1e9));
    const unpack: Ask = (set) => new Promise((resolve) => world.later(100, () => resolve(yes(set))));
    const limits = { sets: { lanes: 1, maxSet: 10 } };
    const ship: Ask = () => new Promise(() => {});
    const { engine } = startEngine({ world, store, unpack, ship, limits });
    const tookMs = async (from: number) => {
      const beganMs = world.now();
      void engine.cancelMass([...page(from), ...page(from + 10)]);
      await world.run(() => statesOf(store)[from + 18] === 'kept', minuteMs);
      return world.now() - beganMs;
    };
    assert.equal(await tookMs(1), 200);
    void engine.create('book', 0);
    await world.run(() => store.rows.get(41)?.parcel.state === 'shipping', minuteMs);
    assert.equal(await tookMs(21), 400);
  });
});

test('a mass goes on at once when a participant is back, however long it was away', async () => {
  const world = new VirtualWorld(5);
  const store = new ParcelStore();
  await store.insert(Array(40).fill('mass'), new Date(0), new Date(world.now() + 1e9));
  let isThere = false;
  const unpack: Ask = async (set) => {
    if (!isThere) throw new Unavailable('away');
    return yes(set);
  };
  const ship: Ask = () => new Promise(() => {});
  const { engine } = startEngine({ world, store, unpack, ship, limits: { sets: { lanes: 1, maxSet: 10 } } });
  void engine.create('someone else is there', 0);
  void engine.cancelMass(Array.from({ length: 40 }, (_, index) => ({ id: index + 1, reason: 'why' })));
  await world.run(() => false, 10 * minuteMs);
  isThere = true;
  await world.run(() => false, 10_000);
  assert.deepEqual(new Set(statesOf(store).slice(0, 40)), new Set(['kept']));
});

describe('an orderly end', () => {
  test('those who wait are answered at once, what is left is due at once, and nothing new is taken in', async () => {
    const world = new VirtualWorld(1);
    const store = new ParcelStore();
    const ship: Ask = async () => {
      throw new Unavailable('away');
    };
    const { engine, until } = startEngine({ world, store, ship });
    const waiting = engine.create('book', minuteMs);
    await world.run(() => store.rows.get(1)?.parcel.state === 'shipping', minuteMs);
    const beganMs = world.now();
    const stopped = engine.stop();
    await assert.rejects(engine.create('too late', 0), Unavailable);
    assert.equal((await until(waiting)).id, 1);
    await until(stopped);
    assert.ok(world.now() - beganMs < 1_000);
    assert.ok((store.rows.get(1)?.dueAtMs ?? Number.NaN) <= world.now());
    const next = startEngine({ world, store });
    await world.run(() => isSettled(store), 2_000);
    assert.deepEqual(statesOf(store), ['delivered']);
    await next.until(next.engine.stop());
  });

  test('a set that is under way is finished first', async () => {
    const world = new VirtualWorld(1);
    const pack: Ask = (set) => new Promise((resolve) => world.later(500, () => resolve(yes(set))));
    const { engine, until, store } = startEngine({ world, pack });
    void engine.create('book', 0);
    await world.run(() => store.rows.size === 1, 1);
    await world.run(() => false, 10);
    await until(engine.stop());
    assert.deepEqual(statesOf(store), ['shipping']);
  });
});

test('questions that fail now and then are asked again until each saga is where it belongs', async () => {
  const pack = failing(2, () => new Unavailable('away'));
  const { engine, until } = startEngine({ pack });
  assert.equal((await until(engine.create('book', minuteMs))).state, 'delivered');
  assert.equal(pack.asked, 3);
});
