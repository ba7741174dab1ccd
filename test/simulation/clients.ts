import type { Booking } from '../../book/saga/booking-schema.ts';
import { Conflict, KeyInFlight, OutcomeUnknown, Unavailable } from '../../platform/errors.ts';
import type { Site } from './network.ts';
import { keyFor, sendOften } from './repeats.ts';
import type { Errand } from './scenario.ts';
import type { AccountApi, BookApi, EventsApi, Ground } from './sites.ts';
import { Planted } from './weather.ts';

/**
 * The outcome of a client's request. After `unavailable` and `refused` nothing was done; after `unknown` the request
 * may have been carried out.
 */
type Outcome<Answer> =
  | { readonly kind: 'answer'; readonly answer: Answer }
  | { readonly kind: 'unavailable' | 'refused' | 'unknown' };

/** A booking as a client saw it, and the request that returned it. */
export interface Told {
  /** `repeated`: the client sent a request again with the same key, and got a further answer. */
  readonly how: 'booked' | 'repeated' | 'canceled';
  readonly booking: Booking;
}

/** The requests of clients to book an event for a person. */
export interface Asked {
  readonly personId: number;
  readonly eventId: number;
  /** The bookings that were answered. */
  readonly ids: number[];
  /** The number of requests whose outcome is unknown. */
  notKnown: number;
}

export interface Sites {
  readonly events: Site<EventsApi>;
  readonly account: Site<AccountApi>;
  readonly books: readonly Site<BookApi>[];
}

/** The clients of a simulation. They send requests and keep every answer. */
export class Clients {
  readonly told: Told[] = [];
  readonly asked = new Map<string, Asked>();
  /** Bookings for which a cancellation was sent, regardless of its outcome. */
  readonly maybeCanceled = new Set<number>();
  readonly maybeCanceledEvents = new Set<number>();
  readonly canceledEvents = new Set<number>();
  /** For each person: the sums of the deposits and credits that were sent and that were answered. */
  readonly paidIn = new Map<number, { sent: number; answered: number }>();
  /** For each key: the id of the booking that was answered. */
  readonly keys = new Map<string, number>();
  /** The different answers to credits and payouts, by reference. `isKnown` is false if any outcome is unknown. */
  readonly vouchers = new Map<string, { readonly isKnown: boolean; readonly answers: ReadonlySet<string> }>();
  readonly #ground: Ground;
  readonly #sites: Sites;
  #waiting = 0;
  #clients = 0;

  constructor(ground: Ground, sites: Sites) {
    this.#ground = ground;
    this.#sites = sites;
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
        return this.#book(name, errand);
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

  async #book(name: string, errand: Extract<Errand, { kind: 'book' }>): Promise<void> {
    const { personId, eventId, waitMs, sends } = errand;
    const asked = this.#askedOf(personId, eventId);
    const { ground, sites } = { ground: this.#ground, sites: this.#sites };
    const words = `books event ${eventId} for person ${personId}`;
    const draft = { personId, eventId, ...keyFor(name, sends, personId) };
    const outcomes = await sendOften(ground, sends, () =>
      this.#ask(name, ground.weather.pick(sites.books), words, (api) => api.create(draft, waitMs)),
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
      if (booking.personId === personId && booking.eventId === eventId && booking.id === first.id) continue;
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
    const outcome = await this.#ask(name, site, words, (api) => api.cancel(bookingId, waitMs));
    if (outcome.kind !== 'answer') return;
    if (outcome.answer !== undefined) this.told.push({ how: 'canceled', booking: outcome.answer });
    else if (isKnown) this.#ground.history.blame(`${name} was told that there is no booking ${bookingId}`);
  }

  async #cancelEvent(name: string, eventId: number): Promise<void> {
    this.maybeCanceledEvents.add(eventId);
    const { events } = this.#sites;
    const outcome = await this.#ask(name, events, `cancels event ${eventId}`, (api) => api.cancel(eventId, api.now()));
    if (outcome.kind !== 'answer') return;
    this.canceledEvents.add(eventId);
    this.#ground.network.witness.eventCanceled(eventId);
    this.#ground.history.count('event canceled');
  }

  /** Sends a deposit, credit or payout, perhaps repeatedly. One key, or one reference, moves money only once. */
  async #move(name: string, errand: Extract<Errand, { kind: 'deposit' | 'credit' | 'payout' }>): Promise<void> {
    const { kind, personId, delta, sends } = errand;
    const { keyed } = keyFor(name, kind === 'deposit' ? sends : 0, personId);
    const voucher = { personId, amount: delta, reference: name, madeBy: 1 };
    const outcomes = await sendOften(this.#ground, sends, () =>
      this.#ask<AccountApi, unknown>(name, this.#sites.account, `${kind} of ${delta} for person ${personId}`, (api) =>
        kind === 'deposit' ? api.make(personId, delta, keyed) : api.desk.make({ kind, ...voucher }),
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
    const outcome = await this.#ask(name, site, 'reconciles', (api) => api.reconcile());
    if (outcome.kind !== 'answer') return;
    this.#ground.history.count('reconciled during faults');
    for (const { bookingId, eventId, personId, words } of outcome.answer.findings) {
      const about = `booking ${bookingId}, event ${eventId}, person ${personId}`;
      this.#ground.history.blame(`the reconciliation during faults reported ${about}: ${words}`);
    }
  }

  async #ask<Api, Answer>(
    name: string,
    site: Site<Api>,
    words: string,
    ask: (api: Api) => Promise<Answer>,
  ): Promise<Outcome<Answer>> {
    const { weather, history } = this.#ground;
    history.say(name, `${words} at ${site.name}`);
    await this.#travel();
    const { running } = site;
    const outcome = running === undefined ? ({ kind: 'unavailable' } as const) : await this.#hear(site, ask);
    await this.#travel();
    // When a connection breaks on the way back, the outcome stays unknown to the client.
    const known = weather.strikes('client cut off') ? ({ kind: 'unknown' } as const) : outcome;
    history.count(`client: ${known.kind}`);
    history.say(name, `${words}: ${known.kind === 'answer' ? JSON.stringify(known.answer) : known.kind}`);
    return known;
  }

  async #hear<Api, Answer>(site: Site<Api>, ask: (api: Api) => Promise<Answer>): Promise<Outcome<Answer>> {
    const { running } = site;
    if (running === undefined) return { kind: 'unavailable' };
    const { life, api } = running;
    return new Promise((resolve) => {
      const forget = life.atEnd(() => resolve({ kind: 'unknown' }));
      ask(api)
        .then(
          (answer) => resolve({ kind: 'answer', answer }),
          (error) => resolve({ kind: this.#kindOf(site.name, error) }),
        )
        .finally(forget);
    });
  }

  #kindOf(site: string, error: unknown): 'unavailable' | 'refused' | 'unknown' {
    if (error instanceof Conflict || error instanceof KeyInFlight) return 'refused';
    if (error instanceof OutcomeUnknown || error instanceof Planted) return 'unknown';
    if (!(error instanceof Unavailable)) this.#ground.history.blame(`${site} failed a client: ${error}`);
    return error instanceof Unavailable ? 'unavailable' : 'unknown';
  }

  async #travel(): Promise<void> {
    const { world, weather } = this.#ground;
    await new Promise<void>((resolve) => void world.later(weather.between(0, 4), resolve));
  }

  #askedOf(personId: number, eventId: number): Asked {
    const key = `${personId} ${eventId}`;
    const asked = this.asked.get(key) ?? { personId, eventId, ids: [], notKnown: 0 };
    this.asked.set(key, asked);
    return asked;
  }
}
