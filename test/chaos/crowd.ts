import { setTimeout as pause } from 'node:timers/promises';
import type { ReconciliationReport } from '../../contracts/book/reconciliation.ts';
import type { BookingAnswer } from '../../contracts/book/schemas.ts';
import type { EventDetail } from '../../contracts/events/schemas.ts';
import { Chance } from '../support/chance.ts';
import { type Answer, type Client, createPeople, type Person, signInAdmin } from '../support/system.ts';
import { Desk } from './desk.ts';
import type { Fleet } from './fleet.ts';
import { type AskedBooking, Ledger } from './ledger.ts';
import { ask } from './requests.ts';

const clients = 24;
/** Fewer people than clients, so that two clients move the money of one person at the same time. */
const people = 16;
const money = 60;
/** How many admins at once serve at the desk. */
const clerks = 4;

/** The time limit for the last answer after all faults are repaired, in milliseconds. */
const answeredWithinMs = 30_000;

/** The first of the unknown event ids. Each of these ids is sent in one request only, and so identifies the request. */
const firstUnknownEvent = 1_000_000_000;

/** The kinds of events. One event of each kind can be booked at any time. */
const kinds = [
  { price: 1, total_slots: 100_000 },
  { price: 3, total_slots: 100_000 },
  { price: 0, total_slots: 300 },
  { price: 2, total_slots: 12 },
  { price: 5, total_slots: 40 },
];

/** Clients that book, cancel and deposit, and a desk, until they are stopped. They record every answer in a ledger. */
export class Crowd {
  readonly ledger = new Ledger();
  readonly #fleet: Fleet;
  readonly #admin: Person;
  readonly #people: readonly Person[];
  readonly #chance: Chance;
  readonly #eventIds: number[] = [];
  /** The last known price of each event. */
  readonly #prices = new Map<number, number>();
  #markers = 0;
  #isOver = false;
  #asking: Promise<unknown> = Promise.resolve();

  private constructor(fleet: Fleet, admin: Person, members: readonly Person[], seed: number) {
    this.#fleet = fleet;
    this.#admin = admin;
    this.#people = members;
    this.#chance = new Chance(seed);
  }

  /** Registers people, with little money, and creates events, some with few slots. */
  static async gather(fleet: Fleet, seed: number): Promise<Crowd> {
    const admin = await signInAdmin(fleet.client('auth'));
    const members = await createPeople(fleet.client('auth'), people, 0);
    const crowd = new Crowd(fleet, admin, members, seed);
    const account = fleet.client('account');
    for (const person of members) await crowd.#deposit(account, person, money);
    for (const kind of kinds) crowd.#eventIds.push(await crowd.#createEvent(fleet.client('events'), kind));
    return crowd;
  }

  /** Sends requests until `stop` is called. */
  start(): void {
    const asking = Array.from({ length: clients }, (_, index) => {
      return this.#askOn(this.#people[index % people] as Person, new Chance(this.#chance.whole(0, 2 ** 31)));
    });
    const drawn = () => new Chance(this.#chance.whole(0, 2 ** 31));
    const desk = new Desk({
      client: this.#fleet.client('book'),
      ledger: this.ledger,
      admin: this.#admin,
      people: this.#people,
      chance: drawn(),
    });
    const serve = () =>
      desk.serve(
        () => this.#eventIds,
        () => this.#isOver,
      );
    const serving = Array.from({ length: clerks }, serve);
    this.#asking = Promise.all([...asking, ...serving, this.#administer(drawn())]);
  }

  /** Stops sending. Resolves when each request was answered or its connection broke. @throws if one takes 30 s. */
  async stop(): Promise<void> {
    this.#isOver = true;
    const late = new AbortController();
    const tooLate = pause(answeredWithinMs, undefined, late).then(() => {
      throw new Error(`a request was not answered within ${answeredWithinMs} ms`);
    });
    tooLate.catch(() => {});
    await Promise.race([this.#asking, tooLate]).finally(() => late.abort());
  }

  /** Resolves when `more` further bookings were answered. @throws after `withinMs`. */
  async answered(more: number, withinMs: number): Promise<void> {
    const count = () => this.ledger.bookings.filter(({ fate }) => fate === 'done').length;
    const enough = count() + more;
    for (const endMs = performance.now() + withinMs; count() < enough; ) {
      if (performance.now() > endMs) throw new Error(`fewer than ${more} bookings were answered in ${withinMs} ms`);
      await pause(20);
    }
  }

  /** Requests a reconciliation as an admin. */
  async reconcile(): Promise<Answer | undefined> {
    return ask(this.#fleet.client('book'), 'GET', '/book/reconciliation', this.#admin);
  }

  /** Sends the requests of one client, one after another. */
  async #askOn(person: Person, chance: Chance): Promise<void> {
    const clientOf = { book: this.#fleet.client('book'), account: this.#fleet.client('account') };
    const own: number[] = [];
    let isTrouble = false;
    while (!this.#isOver) {
      const drawn = chance.part();
      if (drawn < 0.1) await this.#deposit(clientOf.account, person, chance.whole(1, 5));
      else if (drawn < 0.25 && own.length > 0) {
        // The latest booking is often still active, and an earlier one may already be canceled.
        const bookingId = chance.part() < 0.5 ? (own.at(-1) as number) : chance.one(own);
        await this.#cancel(clientOf.book, person, bookingId);
      } else {
        // During faults, requests with unique event ids show what was stored and what was not.
        const isMarked = chance.part() < (isTrouble ? 0.7 : 0.1);
        const eventId = isMarked ? this.#marker() : chance.one(this.#eventIds);
        const expectedPrice = chance.part() < 0.4 ? this.#prices.get(eventId) : undefined;
        const seen = expectedPrice === undefined ? {} : { expectedPrice };
        const asked = await this.#book(clientOf.book, { personId: person.id, eventId, ...seen }, person, drawn > 0.8);
        isTrouble = asked.fate !== 'done';
        if (asked.told !== undefined && !isMarked) own.push(asked.told.id);
      }
      await (isTrouble ? pause(chance.whole(50, 400)) : pause(chance.whole(5, 60)));
    }
  }

  /** Every few seconds changes a price, cancels an event, replaces it with another, and runs a reconciliation. */
  async #administer(chance: Chance): Promise<void> {
    const [events, book] = [this.#fleet.client('events'), this.#fleet.client('book')];
    while (!this.#isOver) {
      await this.#sleep(chance.whole(2_000, 4_000));
      if (this.#isOver) return;
      await this.#changePrice(events, chance.one(this.#eventIds), chance.whole(0, 5));
      const place = chance.whole(0, kinds.length - 1);
      const canceled = this.#eventIds[place] as number;
      await this.#cancelEvent(events, canceled);
      if (this.#isOver) return;
      this.#eventIds[place] = await this.#createEvent(events, kinds[place] as (typeof kinds)[number]);
      const answer = await ask(book, 'GET', '/book/reconciliation', this.#admin);
      if (answer?.status === 200 && !(answer.json as ReconciliationReport).clean) {
        this.ledger.strange.push(`the reconciliation under load reported: ${answer.text}`);
      }
    }
  }

  async #sleep(ms: number): Promise<void> {
    for (let sleptMs = 0; sleptMs < ms && !this.#isOver; sleptMs += 100) await pause(100);
  }

  async #book(
    client: Client,
    wish: Pick<AskedBooking, 'personId' | 'eventId' | 'expectedPrice'>,
    person: Person,
    isAsync: boolean,
  ): Promise<AskedBooking> {
    const asked: AskedBooking = { ...wish, fate: 'unknown' };
    this.ledger.bookings.push(asked);
    const headers = isAsync ? { prefer: 'respond-async' } : {};
    const { eventId, expectedPrice: price } = wish;
    const body = { event_id: eventId, ...(price !== undefined && { price }) };
    const answer = await ask(client, 'POST', '/book/create', person, body, headers);
    if (this.ledger.keep(asked, 'a booking', answer, [201, 202])) {
      asked.status = answer.status;
      asked.told = answer.json as BookingAnswer;
    }
    return asked;
  }

  async #cancel(client: Client, person: Person, bookingId: number): Promise<void> {
    const asked: Ledger['cancellations'][number] = { bookingId, fate: 'unknown' };
    this.ledger.cancellations.push(asked);
    const answer = await ask(client, 'POST', '/book/cancel', person, { booking_id: bookingId });
    if (this.ledger.keep(asked, `the cancellation of ${bookingId}`, answer, [200, 202])) {
      asked.status = answer.status;
      asked.told = answer.json as BookingAnswer;
    }
  }

  async #deposit(client: Client, person: Person, delta: number): Promise<void> {
    const asked: Ledger['deposits'][number] = { personId: person.id, delta, fate: 'unknown' };
    this.ledger.deposits.push(asked);
    this.ledger.keep(asked, 'a deposit', await ask(client, 'PUT', '/account/deposit', person, { delta }), [200]);
  }

  /** An unknown outcome leaves the price unknown. A buyer who names the old one is refused, or pays it. */
  async #changePrice(client: Client, eventId: number, price: number): Promise<void> {
    const answer = await ask(client, 'PATCH', `/events/${eventId}`, this.#admin, { price });
    if (this.ledger.keep({ fate: 'unknown' }, `a new price of event ${eventId}`, answer, [200]))
      this.#prices.set(eventId, price);
  }

  /** Repeats the cancellation of an event until it is answered, as an organizer would. */
  async #cancelEvent(client: Client, eventId: number): Promise<void> {
    for (;;) {
      const asked: Ledger['canceledEvents'][number] = { eventId, fate: 'unknown' };
      this.ledger.canceledEvents.push(asked);
      const answer = await ask(client, 'POST', '/events/cancel', this.#admin, { event_id: eventId });
      if (this.ledger.keep(asked, `the cancellation of event ${eventId}`, answer, [200]) || this.#isOver) return;
      await pause(200);
    }
  }

  /** Repeats a request for an event until it is answered, and so may create several. @returns the id in the answer. */
  async #createEvent(client: Client, { price, total_slots }: (typeof kinds)[number]): Promise<number> {
    for (;;) {
      const body = { event_name: 'run', price, total_slots };
      const answer = await ask(client, 'POST', '/events/create', this.#admin, body);
      if (answer?.status === 201) {
        const { id } = answer.json as EventDetail;
        this.ledger.createdEvents.push({ eventId: id, fate: 'done' });
        this.#prices.set(id, price);
        return id;
      }
      await pause(200);
    }
  }

  #marker(): number {
    this.#markers += 1;
    return firstUnknownEvent + this.#markers;
  }
}
