import assert from 'node:assert/strict';
import fc from 'fast-check';
import type { AuditLog } from '../../contracts/auth/audit.ts';
import type { People } from '../../contracts/auth/calls.ts';
import type { BatchAction, Reply, StepRequest } from '../../contracts/step.ts';
import type { Event, EventTables } from '../../events/store.ts';

/** A participant: a step and its compensation. */
export interface Pair<Request extends StepRequest> {
  readonly act: BatchAction<Request, { readonly price?: number }>;
  readonly undo: BatchAction<StepRequest>;
}

/** A call of the step or of its compensation, with the numbers of the bookings in the batch. */
export interface Call {
  readonly action: 'act' | 'undo';
  readonly bookings: readonly number[];
}

/** Random calls about a few bookings, in any order, with repetitions within and between batches. */
export function anyCalls(bookings: number, atMost = 12): fc.Arbitrary<Call[]> {
  const call = fc.record({
    action: fc.constantFrom('act' as const, 'act' as const, 'undo' as const),
    bookings: fc.array(fc.integer({ min: 1, max: bookings }), { minLength: 1, maxLength: 10 }),
  });
  return fc.array(call, { minLength: 1, maxLength: atMost });
}

/** A reply about one booking, with the start and the end of its call, as values of a counter that only grows. */
export interface Witness {
  readonly booking: number;
  readonly action: 'act' | 'undo';
  readonly reply: Reply;
  readonly began: number;
  readonly ended: number;
}

/** Makes calls, from one caller or from several at once, and records the replies. */
export class Caller<Request extends StepRequest> {
  readonly witnesses: Witness[] = [];
  readonly #pair: Pair<Request>;
  readonly #requestOf: (booking: number) => Request;
  #moment = 0;

  constructor(pair: Pair<Request>, requestOf: (booking: number) => Request) {
    this.#pair = pair;
    this.#requestOf = requestOf;
  }

  async call({ action, bookings }: Call): Promise<void> {
    this.#moment += 1;
    const began = this.#moment;
    const replies = await this.#pair[action](bookings.map(this.#requestOf));
    this.#moment += 1;
    assert.equal(replies.length, bookings.length, 'there are as many replies as requests');
    for (const [index, booking] of bookings.entries()) {
      this.witnesses.push({ booking, action, reply: replies[index] as Reply, began, ended: this.#moment });
    }
  }

  /** Fails if the replies break any of the rules that make replays harmless. */
  checkAnswers(): void {
    const byBooking = Map.groupBy(this.witnesses, ({ booking }) => booking);
    for (const [booking, witnesses] of byBooking) {
      const acts = witnesses.filter(({ action }) => action === 'act');
      const undos = witnesses.filter(({ action }) => action === 'undo');
      for (const { reply } of undos)
        assert.equal(reply.accepted, true, `booking ${booking}: a compensation was refused`);
      for (const { reply } of acts)
        assert.deepEqual(reply, acts[0]?.reply, `booking ${booking}: two replies to one request`);
      const firstUndo = Math.min(...undos.map(({ ended }) => ended));
      const firstAct = Math.min(...acts.map(({ began }) => began));
      const isUndoneBefore = firstUndo < firstAct;
      if (isUndoneBefore)
        for (const { reply } of acts)
          assert.equal(reply.accepted, false, `booking ${booking}: the step was accepted after its compensation`);
    }
  }

  /** The bookings whose step was accepted, and for which no caller got a reply to a compensation. */
  held(): number[] {
    const accepted = this.witnesses.filter(({ action, reply }) => action === 'act' && reply.accepted);
    const undone = new Set(this.witnesses.filter(({ action }) => action === 'undo').map(({ booking }) => booking));
    return [...new Set(accepted.map(({ booking }) => booking))].filter((booking) => !undone.has(booking));
  }
}

/** Batches of 20 bookings from a narrow, moving range, so that callers often call about the same booking. */
export function callsOfMany(callers: number, each: number): Call[][] {
  return Array.from({ length: callers }, (_, caller) =>
    Array.from({ length: each }, (_, index) => ({
      action: (index + caller) % 3 === 0 ? 'undo' : 'act',
      bookings: Array.from({ length: 20 }, () => index * 4 + 1 + Math.floor(Math.random() * 16)),
    })),
  );
}

/** An audit log that drops its entries. */
export const noAuditLog: AuditLog = { record: async (acts) => acts.length };

/** Finds no people. */
export const noPeople: People = {
  findByLogin: async (logins) => logins.map(() => null),
  names: async (ids) => ids.map(() => null),
};

/** Locks an event and changes it to the result of `decide`. @returns undefined for an unknown event. */
export async function changeLocked(
  tables: Pick<EventTables, 'lock' | 'update'>,
  id: number,
  decide: (event: Event) => Parameters<EventTables['update']>[1],
): Promise<Event | undefined> {
  const event = await tables.lock(id);
  return event && tables.update(id, decide(event));
}
