import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { Unavailable } from '../../platform/errors.ts';
import { VirtualWorld } from '../../test/simulation/world.ts';
import { type Ask, isSettled, minuteMs, startEngine, statesOf, yes } from './engine.fixture.ts';
import { ParcelStore } from './parcels.fixture.ts';

describe('limits', () => {
  test('a full process leaves due instances to others, and still cancels instances that it has no room for', async () => {
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

  test('at the limit of open instances a new one is refused, and nothing is stored', async () => {
    const pack: Ask = () => new Promise(() => {});
    const { engine, until, store } = startEngine({ pack, limits: { open: 3 } });
    await until(Promise.all([1, 2, 3].map((index) => engine.create(`${index}`, 0))));
    await assert.rejects(engine.create('one too many', 0), Unavailable);
    assert.equal(store.rows.size, 3);
  });

  test('recovery takes over only as many instances as there is room for', async () => {
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

describe('bulk work', () => {
  const page = (from: number) => Array.from({ length: 10 }, (_, index) => ({ id: from + index, reason: 'why' }));

  test('has its own limit and leaves room for other instances', async () => {
    const world = new VirtualWorld(5);
    const store = new ParcelStore();
    await store.insert(Array(100).fill('bulk'), new Date(0), new Date(world.now() + 1e9));
    const unpack: Ask = (set) => new Promise((resolve) => world.later(100, () => resolve(yes(set))));
    let most = 0;
    const events = {
      asked() {
        most = Math.max(most, engine.open);
      },
    };
    const { engine, until } = startEngine({ world, store, unpack, events, limits: { open: 2, bulk: 20 } });
    let canceled = 0;
    const all = (async () => {
      for (let from = 1; from <= 100; from += 10) canceled += await engine.cancelBulk(page(from));
    })();
    await world.run(() => engine.open > 0, minuteMs);
    assert.equal(
      (await until(engine.create('book', minuteMs)))?.state,
      'delivered',
      'a new instance is accepted meanwhile',
    );
    await until(all);
    await world.run(() => isSettled(store), minuteMs);
    assert.equal(canceled, 100);
    assert.ok(most <= 22, `${most} leased at once`);
    assert.deepEqual(new Set(statesOf(store).slice(0, 100)), new Set(['kept']));
  });

  test('rests between two batches while other instances are leased', async () => {
    const world = new VirtualWorld(5);
    const store = new ParcelStore();
    await store.insert(Array(40).fill('bulk'), new Date(0), new Date(world.now() + 1e9));
    const unpack: Ask = (set) => new Promise((resolve) => world.later(100, () => resolve(yes(set))));
    const limits = { batches: { lanes: 1, maxBatch: 10 } };
    const ship: Ask = () => new Promise(() => {});
    const { engine } = startEngine({ world, store, unpack, ship, limits });
    const tookMs = async (from: number) => {
      const beganMs = world.now();
      void engine.cancelBulk([...page(from), ...page(from + 10)]);
      await world.run(() => statesOf(store)[from + 18] === 'kept', minuteMs);
      return world.now() - beganMs;
    };
    assert.equal(await tookMs(1), 200);
    void engine.create('book', 0);
    await world.run(() => store.rows.get(41)?.parcel.state === 'shipping', minuteMs);
    assert.equal(await tookMs(21), 400);
  });
});

test('bulk work resumes within 10 s after a participant returns, even after a long outage', async () => {
  const world = new VirtualWorld(5);
  const store = new ParcelStore();
  await store.insert(Array(40).fill('bulk'), new Date(0), new Date(world.now() + 1e9));
  let isThere = false;
  const unpack: Ask = async (set) => {
    if (!isThere) throw new Unavailable('away');
    return yes(set);
  };
  const ship: Ask = () => new Promise(() => {});
  const { engine } = startEngine({ world, store, unpack, ship, limits: { batches: { lanes: 1, maxBatch: 10 } } });
  void engine.create('someone else is there', 0);
  void engine.cancelBulk(Array.from({ length: 40 }, (_, index) => ({ id: index + 1, reason: 'why' })));
  await world.run(() => false, 10 * minuteMs);
  isThere = true;
  await world.run(() => false, 10_000);
  assert.deepEqual(new Set(statesOf(store).slice(0, 40)), new Set(['kept']));
});
