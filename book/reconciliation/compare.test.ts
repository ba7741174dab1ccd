import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import type { AccountRecords, EventsRecords, RecordPage } from '../../contracts/records.ts';
import { Unavailable } from '../../platform/errors.ts';
import type { World } from '../../platform/world.ts';
import { type CompareOptions, compareRecords } from './compare.ts';
import type { BookingEntry } from './rules.ts';
import type { ReconciliationStore } from './store.ts';

/** A world in which only pauses take time. It records them. */
class PausingWorld implements World {
  readonly pauses: number[] = [];
  #nowMs = 0;
  now = () => this.#nowMs;
  random = () => 0;
  uuid = () => '';
  later(delayMs: number, work: () => void) {
    if (delayMs > 0) this.pauses.push(delayMs);
    this.#nowMs += delayMs;
    setImmediate(work);
    return { cancel: () => {} };
  }
  turn = (work: () => void) => void setImmediate(work);
}

function complete(bookingId: number): BookingEntry {
  return { bookingId, eventId: 1, personId: 1, price: 5, state: 'complete', openSince: null };
}

/** Complete bookings, and participants that reply as configured. */
class Scene {
  readonly world = new PausingWorld();
  readonly limits: number[] = [];
  readonly #bookings: BookingEntry[];
  /** The number of times that the slot of each booking was read. */
  readonly #reads = new Map<number, number>();
  readonly #isGranted: (bookingId: number, reading: number) => boolean;
  fails = 0;
  /** The number of bookings added each time a page of bookings is read. */
  grows = 0;

  constructor(bookings: number, isGranted: (bookingId: number, reading: number) => boolean) {
    this.#isGranted = isGranted;
    this.#bookings = Array.from({ length: bookings }, (_, index) => complete(index + 1));
  }

  options(parts: Partial<CompareOptions> = {}): CompareOptions {
    const nothing = async () => [];
    const highestBooking = async () => ({ bookingId: 0 });
    const highestPerson = async () => ({ personId: 0 });
    const names: CompareOptions['names'] = async (ids) =>
      ids.map((id) => ({ id, login: '', firstName: '', lastName: '' }));
    const events: EventsRecords = {
      slotRecords: async (page) => this.#slots(this.#page(page)),
      slotRecordsOf: async (ids) => this.#slots(this.#some(ids)),
      slotCounters: nothing,
      highestBooking,
      highestPerson,
    };
    const payments = (bookings: BookingEntry[]) =>
      bookings.map(({ state: _, price, ...its }) => ({ ...its, state: 'paid' as const, amount: price }));
    const account: AccountRecords = {
      paymentRecords: async (page) => payments(this.#page(page)),
      paymentRecordsOf: async (ids) => payments(this.#some(ids)),
      balances: nothing,
      transferSums: nothing,
      highestBooking,
      highestPerson,
    };
    const store = {
      highest: async () => this.#bookings.length,
      entries: async (page) => this.#page(page),
      entriesOf: async (ids) => this.#some(ids),
    } as Partial<ReconciliationStore> as ReconciliationStore;
    return { store, records: { events, account }, names, world: this.world, pauseMs: 100, ...parts };
  }

  #page({ after, limit }: RecordPage): BookingEntry[] {
    this.limits.push(limit);
    const page = this.#bookings.slice(after, after + limit);
    for (let count = 0; count < this.grows; count += 1) this.#bookings.push(complete(this.#bookings.length + 1));
    return page;
  }

  #some(ids: readonly number[]): BookingEntry[] {
    return this.#bookings.filter(({ bookingId }) => ids.includes(bookingId));
  }

  #slots(bookings: BookingEntry[]) {
    if (this.fails > 0) {
      this.fails -= 1;
      throw new Unavailable('events is unavailable');
    }
    return bookings.flatMap(({ bookingId, eventId, personId, price }) => {
      const reading = (this.#reads.get(bookingId) ?? 0) + 1;
      this.#reads.set(bookingId, reading);
      if (!this.#isGranted(bookingId, reading)) return [];
      return [{ bookingId, eventId, personId, price, state: 'granted' as const }];
    });
  }
}

const naming = async (scene: Scene) =>
  (await compareRecords(scene.options())).findings.map(({ bookingId }) => bookingId);

describe('a suspected error is read again before it becomes a finding', () => {
  for (const readings of [1, 2, 3]) {
    test(`an error in ${readings} readings that is gone in the next one is not a finding`, async () => {
      const scene = new Scene(5, (id, reading) => id !== 3 || reading > readings);
      assert.deepEqual(await naming(scene), []);
      // The first repeated reading is immediate, because most differences are gone by then. Later readings wait.
      assert.deepEqual(scene.world.pauses, Array(readings - 1).fill(100));
    });
  }

  test('an error in every reading is one finding, without other bookings', async () => {
    assert.deepEqual(await naming(new Scene(5, (id) => id !== 3)), [3]);
  });

  test('an error that appears only in a repeated reading is not a finding', async () => {
    assert.deepEqual(await naming(new Scene(5, (id, reading) => id !== 3 && (id !== 4 || reading !== 2))), [3]);
  });
});

test('all findings are counted, and the first 100 are listed', async () => {
  const report = await compareRecords(new Scene(1_234, () => false).options({ pageSize: 50 }));
  assert.deepEqual([report.found, report.findings.length, report.findings[99]?.bookingId], [1_234, 100, 100]);
});

test('at most one page is read at once, and each booking is counted once', async () => {
  const scene = new Scene(1_234, () => true);
  const report = await compareRecords(scene.options({ pageSize: 50 }));
  assert.equal(Math.max(...scene.limits), 50);
  assert.deepEqual([report.checked.bookings, report.checked.slots, report.checked.payments], [1_234, 1_234, 1_234]);
});

test('bookings created during a comparison are left to the next one', async () => {
  const scene = new Scene(1_000, () => true);
  scene.grows = 100;
  const report = await compareRecords(scene.options({ pageSize: 50 }));
  assert.equal(report.checked.bookings, 1_000);
});

test('a page is retried at a smaller size while a service is unavailable, and the comparison fails after several attempts', async () => {
  const scene = new Scene(1_234, () => true);
  scene.fails = 2;
  const report = await compareRecords(scene.options());
  assert.equal(report.checked.bookings, 1_234);
  assert.deepEqual([...new Set(scene.limits)], [1_000, 250, 62]);
  assert.deepEqual(scene.world.pauses.slice(0, 2), [100, 200]);
  scene.fails = 100;
  await assert.rejects(compareRecords(scene.options()), Unavailable);
  await assert.rejects(compareRecords(scene.options({ isStopped: () => true })), Unavailable);
});
