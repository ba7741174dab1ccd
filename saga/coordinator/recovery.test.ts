import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { OutcomeUnknown, Unavailable } from '../../platform/errors.ts';
import { VirtualWorld } from '../../test/simulation/world.ts';
import { type Ask, isSettled, minuteMs, startEngine, statesOf, yes } from './engine.fixture.ts';
import { ParcelStore } from './parcels.fixture.ts';

describe('several engines on one store', () => {
  test('an instance left open by a dead engine is taken over when it is due, and settles', async () => {
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

  test('two engines run the same instance: each transition happens once, and the caller gets the result', async () => {
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
    assert.equal((await one.until(created))?.state, 'delivered');
    assert.deepEqual(store.rows.get(1)?.history, ['packing', 'shipping', 'delivered']);
  });

  test('an instance leased for a long time stays with its engine', async () => {
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

  test('a lease whose row was locked at renewal is renewed before it runs out', async () => {
    const world = new VirtualWorld(3);
    const store = new ParcelStore();
    const never: Ask = () => new Promise(() => {});
    const taken: number[] = [];
    const one = startEngine({ world, store, pack: never });
    startEngine({ world, store, pack: never, events: { recovered: (count) => taken.push(count) } });
    void one.engine.create('book', 0);
    await world.run(() => store.rows.size === 1, minuteMs);
    store.locked.add(1);
    let tries = 0;
    store.beforeStatement = (name) => {
      if (name === 'pushDue') tries += 1;
    };
    await world.run(() => tries === 1, minuteMs);
    await world.run(() => false, 10);
    store.locked.delete(1);
    await world.run(() => false, minuteMs);
    assert.ok(tries > 1, `${tries} tries`);
    assert.deepEqual(taken, []);
  });
});

describe('the store fails', () => {
  test('during a move with unknown outcome: no transition happens twice, and the saga settles', async () => {
    const store = new ParcelStore();
    let failures = 3;
    store.afterStatement = (name) => {
      if (name !== 'move' || failures === 0) return;
      failures -= 1;
      throw new OutcomeUnknown('the connection broke');
    };
    const { engine, until } = startEngine({ store });
    assert.equal((await until(engine.create('book', minuteMs)))?.state, 'delivered');
    assert.deepEqual(store.rows.get(1)?.history, ['packing', 'shipping', 'delivered']);
  });

  test('during an insertion with unknown outcome: the caller gets OutcomeUnknown, and the stored instance settles', async () => {
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

describe('the store reports an error that is not an outage', () => {
  const fault = () => new Error('the disk is full of something else');

  test('while a failed attempt is recorded: the instance becomes due and settles', async () => {
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

  test('while leases are renewed: due instances are still taken over', async () => {
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
describe('stopping an engine', () => {
  test('ends waits at once, makes open instances due at once, and refuses new ones', async () => {
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
    assert.equal((await until(waiting))?.id, 1);
    await until(stopped);
    assert.ok(world.now() - beganMs < 1_000);
    assert.ok((store.rows.get(1)?.dueAtMs ?? Number.NaN) <= world.now());
    const next = startEngine({ world, store });
    await world.run(() => isSettled(store), 2_000);
    assert.deepEqual(statesOf(store), ['delivered']);
    await next.until(next.engine.stop());
  });

  test('finishes the batch under way first', async () => {
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
