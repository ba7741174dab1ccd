import { setTimeout as pause } from 'node:timers/promises';
import type { BookingAnswer } from '../../contracts/book/schemas.ts';
import type { Chance } from '../support/chance.ts';
import type { Answer, Client, Person } from '../support/system.ts';
import type { AskedBooking, AskedCheckIn, Ledger } from './ledger.ts';
import { ask } from './requests.ts';

interface DeskParts {
  readonly client: Client;
  readonly ledger: Ledger;
  readonly admin: Person;
  readonly people: readonly Person[];
  readonly chance: Chance;
}

const complete = 4;

/** A desk at which an admin books by hand, takes money, cancels, checks in and undoes check-ins. */
export class Desk {
  readonly #parts: DeskParts;
  #receipts = 0;

  constructor(parts: DeskParts) {
    this.#parts = parts;
  }

  /** Serves one guest after another. Several calls at once are several clerks. */
  async serve(eventIds: () => readonly number[], isOver: () => boolean): Promise<void> {
    const { chance } = this.#parts;
    while (!isOver()) {
      const { told } = await this.#book(chance.one(eventIds()));
      if (told?.status === complete) await this.#follow(told.id);
      await pause(chance.whole(20, 150));
    }
  }

  /** Books for a person or for a guest, free or paid. Now and then a receipt is used a second time. */
  async #book(eventId: number): Promise<AskedBooking> {
    const { ledger, admin, people, chance } = this.#parts;
    const person = chance.part() < 0.7 ? chance.one(people) : undefined;
    const paid = chance.part() < 0.7 ? { amount: chance.whole(1, 9), reference: this.#receipt() } : undefined;
    const byHand = { price: paid?.amount ?? 0, ...(paid && { reference: paid.reference }) };
    const asked: AskedBooking = { personId: person?.id ?? admin.id, eventId, byHand, fate: 'unknown' };
    ledger.bookings.push(asked);
    const guest = person === undefined ? { guest_name: 'Guest' } : { login: person.login };
    const answer = await this.#ask('/book/by-hand', { event_id: eventId, ...guest, ...(paid && { paid }) });
    if (ledger.keep(asked, 'a booking by hand', answer, [201, 202])) {
      asked.status = answer.status;
      asked.told = answer.json as BookingAnswer;
    }
    return asked;
  }

  /** Cancels the booking, or checks it in and perhaps undoes that. */
  async #follow(bookingId: number): Promise<void> {
    const { chance } = this.#parts;
    const drawn = chance.part();
    if (drawn < 0.3) return this.#cancel(bookingId);
    if (drawn < 0.7) await this.#checkIn(bookingId, true);
    if (drawn < 0.5) await this.#checkIn(bookingId, false);
  }

  async #cancel(bookingId: number): Promise<void> {
    const { ledger } = this.#parts;
    const asked: Ledger['cancellations'][number] = { bookingId, fate: 'unknown' };
    ledger.cancellations.push(asked);
    const answer = await this.#ask('/book/cancel', { booking_id: bookingId });
    if (ledger.keep(asked, `the cancellation of ${bookingId} at the desk`, answer, [200, 202])) {
      asked.status = answer.status;
      asked.told = answer.json as BookingAnswer;
    }
  }

  /** The event may be canceled meanwhile: 409. */
  async #checkIn(bookingId: number, isIn: boolean): Promise<void> {
    const { ledger } = this.#parts;
    const asked: AskedCheckIn = { bookingId, isIn, fate: 'unknown' };
    ledger.checkIns.push(asked);
    const path = isIn ? '/book/check-in' : '/book/check-in/undo';
    const answer = await this.#ask(path, { booking_id: bookingId });
    if (ledger.keep(asked, `${path} of ${bookingId}`, answer, [200, 409])) asked.status = answer.status;
  }

  #ask(path: string, body: object): Promise<Answer | undefined> {
    const { client, admin } = this.#parts;
    return ask(client, 'POST', path, admin, body);
  }

  #receipt(): string {
    const { chance } = this.#parts;
    const isUsed = this.#receipts > 0 && chance.part() < 0.2;
    if (!isUsed) this.#receipts += 1;
    return `receipt ${isUsed ? chance.whole(1, this.#receipts) : this.#receipts}`;
  }
}
