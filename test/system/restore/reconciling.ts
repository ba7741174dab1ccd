import assert from 'node:assert/strict';
import type { ReconciliationReport } from '../../../contracts/book/reconciliation.ts';
import {
  book,
  bookingIn,
  type Client,
  createEvent,
  createPeople,
  expect,
  type Person,
  signInAdmin,
} from '../../support/system.ts';

/** Compares the records of all services, and changes nothing. */
export async function reconcile(client: Client, admin: Person): Promise<ReconciliationReport> {
  return expect(200, client.ask('GET', '/book/reconciliation', { cookie: admin.cookie }));
}

/** Repairs the records and compares them again. */
export async function mend(client: Client, admin: Person): Promise<ReconciliationReport> {
  return expect(200, client.ask('POST', '/book/reconciliation/mend', { cookie: admin.cookie }));
}

/** The findings as texts such as `slot_missing of booking 3`. */
export function namesIn({ findings }: ReconciliationReport): string[] {
  return findings.map(({ kind, booking_id, event_id, user_id }) => {
    const who = booking_id ? `booking ${booking_id}` : event_id ? `event ${event_id}` : `person ${user_id}`;
    return `${kind} of ${who}`;
  });
}

/** Checks that a report has no findings and that nothing was skipped. */
export function assertClean(report: ReconciliationReport): void {
  const { clean, found, findings } = report;
  assert.deepEqual({ clean, found, findings }, { clean: true, found: 0, findings: [] });
}

/** People who book and cancel, and events of every kind: with slots for all, with few, free, and too expensive. */
export class Crowd {
  readonly client: Client;
  readonly admin: Person;
  readonly people: readonly Person[];
  readonly eventIds: readonly number[];
  #asked = 0;
  #isOver = false;
  #asking: Promise<unknown> = Promise.resolve();

  private constructor(client: Client, admin: Person, people: readonly Person[], eventIds: readonly number[]) {
    this.client = client;
    this.admin = admin;
    this.people = people;
    this.eventIds = eventIds;
  }

  static async gather(client: Client): Promise<Crowd> {
    const admin = await signInAdmin(client);
    const people = await createPeople(client, 20, 3_000);
    const eventIds = [
      await createEvent(client, admin, { price: 5, slots: 100_000 }),
      await createEvent(client, admin, { price: 7, slots: 60 }),
      await createEvent(client, admin, { price: 0, slots: 100_000 }),
      await createEvent(client, admin, { price: 10_000, slots: 100 }),
      999_999,
    ];
    return new Crowd(client, admin, people, eventIds);
  }

  /** The same people and events, at another server. */
  at(client: Client): Crowd {
    return new Crowd(client, this.admin, this.people, this.eventIds);
  }

  /** The number of bookings sent so far. */
  get asked(): number {
    return this.#asked;
  }

  /** Books on 24 connections until `rest` is called. Every second booking is canceled. */
  begin(): void {
    this.#isOver = false;
    const asking = Array.from({ length: 24 }, async (_, connection) => {
      for (let turn = 0; !this.#isOver; turn += 1) await this.#book(connection, turn);
    });
    this.#asking = Promise.all(asking);
    this.#asking.catch(() => {});
  }

  /** Waits until this many more bookings have been sent. */
  async more(bookings: number): Promise<void> {
    const enough = this.#asked + bookings;
    while (this.#asked < enough) await this.client.ask('GET', '/health');
  }

  /** Ends the load and waits for the last answers. */
  async rest(): Promise<void> {
    this.#isOver = true;
    await this.#asking;
  }

  async #book(connection: number, turn: number): Promise<void> {
    const person = this.people[connection % this.people.length] as Person;
    const eventId = this.eventIds[(connection + turn) % this.eventIds.length] as number;
    this.#asked += 1;
    const isAsync = turn % 4 === 0;
    const answer = await book(this.client, person, eventId, isAsync ? { prefer: 'respond-async' } : {});
    assert.ok(answer.status === 201 || answer.status === 202, `${answer.status}: ${answer.text}`);
    if (turn % 4 > 1) return;
    const body = { booking_id: bookingIn(answer).id };
    const canceled = await this.client.ask('POST', '/book/cancel', { cookie: person.cookie, body });
    assert.ok(canceled.status === 200 || canceled.status === 202, `${canceled.status}: ${canceled.text}`);
  }
}
