import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { Unavailable } from '../../platform/errors.ts';
import { VirtualWorld } from '../../test/simulation/world.ts';
import { type Ask, isSettled, minuteMs, no, startEngine, statesOf, yes } from './engine.fixture.ts';
import { type Parcel, ParcelStore } from './parcels.fixture.ts';
import type { Cancellation } from './store.ts';

describe('an engine runs any saga', () => {
  test('all steps accepted: delivered', async () => {
    const { engine, until, store } = startEngine();
    assert.equal((await until(engine.create('book', minuteMs)))?.state, 'delivered');
    assert.deepEqual(store.rows.get(1)?.history, ['packing', 'shipping', 'delivered']);
  });

  test('second step refused: the first is compensated', async () => {
    const { engine, until, store } = startEngine({ ship: no });
    assert.equal((await until(engine.create('book', minuteMs)))?.state, 'kept');
    assert.deepEqual(store.rows.get(1)?.history, ['packing', 'shipping', 'unpacking', 'kept']);
  });

  test('create without a wait returns the stored instance, which then runs', async () => {
    const { engine, until, store, world } = startEngine();
    assert.equal((await until(engine.create('book', 0)))?.state, 'packing');
    await world.run(() => isSettled(store), minuteMs);
    assert.deepEqual(statesOf(store), ['delivered']);
  });

  test('instances that arrive together move in batches no larger than the limit', async () => {
    const sizes: number[] = [];
    const limits = { batches: { lanes: 1, maxBatch: 40 } };
    const { engine, until } = startEngine({ limits, events: { asked: (_action, size) => sizes.push(size) } });
    await until(Promise.all(Array.from({ length: 100 }, (_, index) => engine.create(`${index}`, minuteMs))));
    assert.ok(Math.max(...sizes) === 40 && sizes.length <= 10, `batches of ${sizes}`);
  });

  test('each transition of a batch is reported once with its count, cancellations included', async () => {
    const counts = new Map<string, number>();
    const batchMoved = (from: string, to: string, count: number) => {
      counts.set(`${from} ${to}`, (counts.get(`${from} ${to}`) ?? 0) + count);
    };
    const ship: Ask = async (set) => {
      if (set.some(({ label }) => label === 'waits')) throw new Unavailable('away');
      return set.map(({ label }) => ({ accepted: label === 'good' }));
    };
    const { engine, until, world, store } = startEngine({ ship, events: { batchMoved } });
    const labels = ['good', 'bad', 'good', 'bad', 'good'];
    await until(Promise.all(labels.map((label) => engine.create(label, minuteMs))));
    void engine.create('waits', 0);
    await world.run(() => store.rows.get(6)?.parcel.state === 'shipping', minuteMs);
    await until(engine.cancel(6, 'why', minuteMs));
    assert.deepEqual(Object.fromEntries(counts), {
      'packing shipping': 6,
      'shipping delivered': 3,
      'shipping unpacking': 3,
      'unpacking kept': 3,
    });
  });

  test('too few replies move no instance; the step is retried', async () => {
    let asked = 0;
    const pack: Ask = async (set) => {
      asked += 1;
      return asked === 1 ? [] : yes(set);
    };
    const { engine, until, store } = startEngine({ pack });
    assert.equal((await until(engine.create('book', minuteMs)))?.state, 'delivered');
    assert.equal(store.rows.get(1)?.history.length, 3);
  });
});

describe('a participant that is away', () => {
  test('is probed by one call at a time until it replies, and the batch stays whole', async () => {
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
    assert.ok(probes >= 10 && probes <= 40, `${probes} probes in 20 s, with pauses of 0.1 to 2 s`);
    isThere = true;
    assert.ok((await until(all)).every((parcel) => parcel?.state === 'delivered'));
    assert.deepEqual(away, ['warehouse true', 'warehouse false']);
    assert.deepEqual(new Set(sizes.slice(0, probes)), new Set([20]), 'no batch was split');
  });

  test('does not block instances that another participant handles', async () => {
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
    if (set.some(({ label }) => label === 'poison')) throw new Error('this parcel cannot be packed');
    return yes(set);
  };

  test('is isolated by halving: the others move on, and it backs off alone and is reported as stuck', async () => {
    const stuck: number[] = [];
    const { engine, world, store } = startEngine({ pack: poison, events: { stuck: (id) => void stuck.push(id) } });
    for (let index = 0; index < 64; index += 1) void engine.create(index === 13 ? 'poison' : 'good', 0);
    await world.run(() => statesOf(store).filter((state) => state === 'delivered').length === 63, minuteMs);
    assert.deepEqual(new Set(stuck), new Set([14]));
    const row = store.rows.get(14);
    assert.equal(row?.parcel.state, 'packing');
    assert.match(row?.error ?? '', /cannot be packed/);
  });

  test('is retried with growing pauses of up to 30 s, and settles once its step succeeds', async () => {
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

  test('a refusal that the table rules out fails its instance alone', async () => {
    const unpack: Ask = async (set) => set.map(({ label }) => ({ accepted: label !== 'poison' }));
    const { engine, world, store } = startEngine({ ship: no, unpack });
    for (const label of ['good', 'poison', 'good']) void engine.create(label, 0);
    await world.run(() => statesOf(store).filter((state) => state === 'kept').length === 2, minuteMs);
    assert.deepEqual(statesOf(store), ['kept', 'unpacking', 'kept']);
  });
});

/** A store that does not permit cancellations with the reason "not for me". */
class ChoosyStore extends ParcelStore {
  readonly taken: string[] = [];
  asked = 0;

  override async cancel(cancellations: readonly Cancellation[], now: Date, dueAt: Date): Promise<Parcel[]> {
    this.asked += 1;
    const mine = cancellations.filter(({ reason }) => reason !== 'not for me');
    const canceled = await super.cancel(mine, now, dueAt);
    this.taken.push(...mine.flatMap(({ id, reason }) => (canceled.some((item) => item.id === id) ? [reason] : [])));
    return canceled;
  }
}

describe('a cancellation', () => {
  test('of several at once, the first that the store allows wins', async () => {
    const store = new ChoosyStore();
    const pack: Ask = async () => {
      throw new Unavailable('away');
    };
    const { engine, until } = startEngine({ store, pack });
    for (let id = 1; id <= 2; id += 1) await until(engine.create('book', 0));
    const reasons = ['not for me', 'first', 'second'];
    const asked = reasons.flatMap((reason) => [1, 2].map((id) => engine.cancel(id, reason, 0)));
    await until(Promise.all(asked));
    assert.deepEqual(store.taken, ['first', 'first']);
  });

  test('the store fails during a batch: instances canceled before succeed, and only the others fail', async () => {
    const store = new ChoosyStore();
    const ship: Ask = async () => {
      throw new Unavailable('away');
    };
    const { engine, until, world } = startEngine({ store, ship });
    for (let id = 1; id <= 2; id += 1) void engine.create('book', 0);
    await world.run(() => statesOf(store).join() === 'shipping,shipping', minuteMs);
    store.beforeStatement = (name) => {
      if (name === 'cancel' && store.asked === 2) throw new Unavailable('the database is unavailable');
    };
    const ends = await until(
      Promise.allSettled([
        engine.cancel(1, 'by its owner', minuteMs),
        engine.cancel(2, 'not for me', 0),
        engine.cancel(2, 'with its event', minuteMs),
        engine.cancel(2, 'with its event', minuteMs),
        engine.cancel(1, 'with its event', minuteMs),
      ]),
    );
    assert.equal(store.asked, 2, 'one batch in two turns');
    assert.deepEqual(
      ends.map((end) => (end.status === 'fulfilled' ? end.value?.state : end.reason.name)),
      ['kept', 'shipping', 'Unavailable', 'Unavailable', 'kept'],
    );
    assert.deepEqual(statesOf(store), ['kept', 'shipping']);
  });

  test('repeated cancellations that are not allowed cost one statement a batch', async () => {
    const store = new ChoosyStore();
    const { engine, until } = startEngine({ store });
    await until(engine.create('book', minuteMs));
    await until(Promise.all(Array.from({ length: 500 }, () => engine.cancel(1, 'not for me', 0))));
    assert.ok(store.asked <= 2, `${store.asked} statements`);
  });

  test('in an open state compensates, even while its step is still under way', async () => {
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
    assert.equal((await until(created))?.state, 'kept');
    assert.deepEqual(store.rows.get(1)?.history, ['packing', 'shipping', 'unpacking', 'kept']);
  });

  test('many at once compensate once; canceling a canceled instance changes nothing', async () => {
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
    assert.equal(await until(engine.cancel(99, 'why', minuteMs)), undefined);
  });
});
/** A participant that fails the first `times` calls and accepts all later ones. */
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
test('a step that fails twice is repeated until it is accepted', async () => {
  const pack = failing(2, () => new Unavailable('away'));
  const { engine, until } = startEngine({ pack });
  assert.equal((await until(engine.create('book', minuteMs)))?.state, 'delivered');
  assert.equal(pack.asked, 3);
});
