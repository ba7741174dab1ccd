import type { Booking, BookingDraft } from '../../book/saga/booking-schema.ts';
import { pause } from '../../platform/world.ts';
import type { Site } from './network.ts';
import { wordsOfBooking, wordsOfDraft } from './orders.ts';
import { keyFor, sendOften } from './repeats.ts';
import { Requests } from './requests.ts';
import type { Errand, Scenario } from './scenario.ts';
import type { AccountApi, BookApi, EventsApi } from './services.ts';
import type { Ground } from './sites.ts';

/** A booking as a client saw it, and the request that returned it. */
export interface Told {
  /** `repeated`: the client sent a request again with the same key, and got a further answer. */
  readonly how: 'booked' | 'repeated' | 'canceled';
  readonly booking: Booking;
}

/** The requests of clients to book the same, in the words of `orders.ts`. */
export interface Asked {
  /** The bookings that were answered. */
  readonly ids: number[];
  /** The number of requests whose outcome is unknown. */
  notKnown: number;
}

type ErrandOf<Kind extends Errand['kind']> = Extract<Errand, { kind: Kind }>;

export interface Sites {
  readonly events: Site<EventsApi>;
  readonly account: Site<AccountApi>;
  readonly books: readonly Site<BookApi>[];
}

/** The person who makes all bookings by hand, credits and payouts. */
const organizer = 1;

/** The clients of a simulation. They send requests and keep every answer. */
export class Clients {
  readonly told: Told[] = [];
  readonly asked = new Map<string, Asked>();
  /** Bookings for which a cancellation was sent, regardless of its outcome. */
  readonly maybeCanceled = new Set<number>();
  readonly maybeCanceledEvents = new Set<number>();
  readonly canceledEvents = new Set<number>();
  /** For each event: the prices that were set, and those that may have been set. */
  readonly maybePrices = new Map<number, Set<number>>();
  /** For each person: the sums of the deposits and credits that were sent and that were answered. */
  readonly paidIn = new Map<number, { sent: number; answered: number }>();
  /** For each key: the id of the booking that was answered. */
  readonly keys = new Map<string, number>();
  /** The different answers to credits and payouts, by reference. `isKnown` is false if any outcome is unknown. */
  readonly vouchers = new Map<string, { readonly isKnown: boolean; readonly answers: ReadonlySet<string> }>();
  readonly #ground: Ground;
  readonly #sites: Sites;
  readonly #requests: Requests;
  #waiting = 0;
  #clients = 0;

  constructor(ground: Ground, sites: Sites, { events }: Pick<Scenario, 'events'>) {
    this.#ground = ground;
    this.#sites = sites;
    this.#requests = new Requests(ground);
    for (const [index, { price }] of events.entries()) this.maybePrices.set(index + 1, new Set([price]));
  }

  /** The number of clients that still wait for an answer or have not started. */
  get waiting(): number {
    return this.#waiting;
  }

  send(errand: Errand): void {
    this.#clients += 1;
    const name = `client-${this.#clients}`;
    this.#waiting += 1;
    this.#ground.world.later(errand.atMs, async () => {
      await this.#go(name, errand);
      this.#waiting -= 1;
    });
  }

  #go(name: string, errand: Errand): Promise<void> {
    switch (errand.kind) {
      case 'book':
        return this.#buy(name, errand);
      case 'book by hand':
        return this.#bookByHand(name, errand);
      case 'change price':
        return this.#changePrice(name, errand.eventId, errand.price);
      case 'cancel booking':
        return this.#cancel(name, errand.bookingId, errand.waitMs);
      case 'cancel event':
        return this.#cancelEvent(name, errand.eventId);
      case 'deposit':
      case 'credit':
      case 'payout':
        return this.#move(name, errand);
      case 'reconcile':
        return this.#reconcile(name);
    }
  }

  /** Books at the price that the client saw, if it looked. The price may have changed since. */
  async #buy(name: string, errand: ErrandOf<'book'>): Promise<void> {
    const { personId, eventId, looks, thinkMs } = errand;
    const seen = looks === 'never' ? undefined : await this.#look(name, eventId);
    await pause(this.#ground.world, thinkMs);
    const expectedPrice = looks === 'wrongly' && seen !== undefined ? seen + 1 : seen;
    await this.#book(name, errand, { personId, eventId, ...(expectedPrice !== undefined && { expectedPrice }) });
  }

  async #look(name: string, eventId: number): Promise<number | undefined> {
    const { events } = this.#sites;
    const outcome = await this.#requests.ask(name, events, `looks at event ${eventId}`, (api) => api.priceOf(eventId));
    return outcome.kind === 'answer' ? outcome.answer : undefined;
  }

  #bookByHand(name: string, errand: ErrandOf<'book by hand'>): Promise<void> {
    const { personId, eventId, paid } = errand;
    const byHand = { by: organizer, price: paid?.amount ?? 0, ...(paid && { deskReference: paid.reference }) };
    return this.#book(name, errand, { personId, eventId, byHand });
  }

  async #book(name: string, errand: ErrandOf<'book' | 'book by hand'>, draft: BookingDraft): Promise<void> {
    const { personId, waitMs, sends } = errand;
    const wanted = wordsOfDraft(draft);
    const asked = this.#askedFor(wanted);
    const { ground, sites } = { ground: this.#ground, sites: this.#sites };
    const keyed = { ...draft, ...keyFor(name, sends, personId) };
    const outcomes = await sendOften(ground, sends, () =>
      this.#requests.ask(name, ground.weather.pick(sites.books), `books ${wanted}`, (api) => api.create(keyed, waitMs)),
    );
    const bookings = outcomes.flatMap((outcome) => (outcome.kind === 'answer' ? [outcome.answer] : []));
    const [first] = bookings;
    // One key has at most one booking, no matter how often it was sent.
    if (first === undefined) {
      if (outcomes.some(({ kind }) => kind === 'unknown')) asked.notKnown += 1;
      return;
    }
    asked.ids.push(first.id);
    if (sends > 0) this.keys.set(name, first.id);
    for (const [index, booking] of bookings.entries()) {
      this.told.push({ how: index === 0 ? 'booked' : 'repeated', booking });
      if (wordsOfBooking(booking) === wanted && booking.id === first.id) continue;
      ground.history.blame(`${name} was answered with booking ${booking.id}, and its own is ${first.id}`);
    }
    await this.#mayRegret(name, first.id);
  }

  /**
   * Some clients cancel their booking, at once or later. Some of these send the cancellation twice at the same time.
   */
  async #mayRegret(name: string, bookingId: number): Promise<void> {
    const { world, weather } = this.#ground;
    const chance = world.random();
    if (chance > 0.35) return;
    const times = chance < 0.1 ? 2 : 1;
    const atMs = weather.pick([0, weather.between(0, 30), weather.between(0, 2_000)]);
    await new Promise<void>((resolve) => void world.later(atMs, resolve));
    await Promise.all(Array.from({ length: times }, () => this.#cancel(name, bookingId, weather.pick([0, 5_000]))));
  }

  async #cancel(name: string, bookingId: number, waitMs: number): Promise<void> {
    const site = this.#ground.weather.pick(this.#sites.books);
    const isKnown = this.told.some(({ booking }) => booking.id === bookingId);
    this.maybeCanceled.add(bookingId);
    const words = `cancels booking ${bookingId}`;
    const outcome = await this.#requests.ask(name, site, words, (api) => api.cancel(bookingId, waitMs));
    if (outcome.kind !== 'answer') return;
    if (outcome.answer !== undefined) this.told.push({ how: 'canceled', booking: outcome.answer });
    else if (isKnown) this.#ground.history.blame(`${name} was told that there is no booking ${bookingId}`);
  }

  async #cancelEvent(name: string, eventId: number): Promise<void> {
    this.maybeCanceledEvents.add(eventId);
    const { events } = this.#sites;
    const outcome = await this.#requests.ask(name, events, `cancels event ${eventId}`, (api) =>
      api.cancelEvent(eventId),
    );
    if (outcome.kind !== 'answer') return;
    this.canceledEvents.add(eventId);
    this.#ground.network.witness.eventCanceled(eventId);
    this.#ground.history.count('event canceled');
  }

  async #changePrice(name: string, eventId: number, price: number): Promise<void> {
    const { events } = this.#sites;
    const words = `changes the price of event ${eventId} to ${price}`;
    this.maybePrices.get(eventId)?.add(price);
    const outcome = await this.#requests.ask(name, events, words, (api) => api.changePrice(eventId, price));
    if (outcome.kind === 'answer') this.#ground.history.count('price changed');
  }

  /** Sends a deposit, credit or payout, perhaps repeatedly. One key, or one reference, moves money only once. */
  async #move(name: string, errand: ErrandOf<'deposit' | 'credit' | 'payout'>): Promise<void> {
    const { kind, personId, delta, sends } = errand;
    const { keyed } = keyFor(name, kind === 'deposit' ? sends : 0, personId);
    const voucher = { personId, amount: delta, reference: name, madeBy: organizer };
    const outcomes = await sendOften(this.#ground, sends, () =>
      this.#requests.ask<AccountApi, unknown>(
        name,
        this.#sites.account,
        `${kind} of ${delta} for person ${personId}`,
        (api) => (kind === 'deposit' ? api.make(personId, delta, keyed) : api.desk.make({ kind, ...voucher })),
      ),
    );
    const answers = new Set(outcomes.flatMap((each) => (each.kind === 'answer' ? [JSON.stringify(each.answer)] : [])));
    if (answers.size > 1) this.#ground.history.blame(`${name} got several answers: ${[...answers]}`);
    const isKnown = outcomes.every((each) => each.kind !== 'unknown');
    if (kind !== 'deposit') this.vouchers.set(name, { isKnown, answers });
    if (kind === 'payout' || (isKnown && answers.size === 0)) return;
    const { sent, answered } = this.paidIn.get(personId) ?? { sent: 0, answered: 0 };
    this.paidIn.set(personId, { sent: sent + delta, answered: answered + (answers.size > 0 ? delta : 0) });
  }

  /** Runs a reconciliation during the faults. It must report no finding. */
  async #reconcile(name: string): Promise<void> {
    const site = this.#ground.weather.pick(this.#sites.books);
    const outcome = await this.#requests.ask(name, site, 'reconciles', (api) => api.reconcile());
    if (outcome.kind !== 'answer') return;
    this.#ground.history.count('reconciled during faults');
    for (const { bookingId, eventId, personId, words } of outcome.answer.findings) {
      const about = `booking ${bookingId}, event ${eventId}, person ${personId}`;
      this.#ground.history.blame(`the reconciliation during faults reported ${about}: ${words}`);
    }
  }

  #askedFor(words: string): Asked {
    const asked = this.asked.get(words) ?? { ids: [], notKnown: 0 };
    this.asked.set(words, asked);
    return asked;
  }
}
