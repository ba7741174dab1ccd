/** A planted fault: a text in a file, and its replacement. */
export interface Mutant {
  readonly name: string;
  readonly file: string;
  /** The text to replace, which occurs exactly once in the file. */
  readonly find: string;
  readonly replace: string;
  /**
   * The test that finds the fault; left out if the simulation finds it. In most of these tests several callers meet at
   * a lock of PostgreSQL, which the simulation cannot do.
   */
  readonly foundBy?: { readonly file: string; readonly test: string };
  /** A seed that finds the fault, tried before all others. If the seed no longer finds it, the search takes longer. */
  readonly seed?: number;
}

/** Planted faults. Each breaks one of the rules that Startlist relies on. */
export const mutants: readonly Mutant[] = [
  // The same request always gets the same reply.
  {
    name: 'refusal-not-recorded',
    seed: 1,
    file: 'saga/participant/answer-once.ts',
    find: 'if (earlier === undefined) fresh.set(key, record);',
    replace: "if (earlier === undefined) { if (record.state !== 'refused') fresh.set(key, record); }",
  },
  {
    name: 'recorded-step-ignored',
    seed: 10,
    file: 'saga/participant/answer-once.ts',
    find: 'const earlier = records.get(key) ?? fresh.get(key);',
    replace: `const known = records.get(key) ?? fresh.get(key);
    const earlier = known?.state === step.made ? undefined : known;`,
  },
  {
    name: 'compensated-step-made-again',
    file: 'saga/participant/answer-once.ts',
    find: 'const earlier = records.get(key) ?? fresh.get(key);',
    replace: `const known = records.get(key) ?? fresh.get(key);
    const earlier = known?.state === step.compensated ? undefined : known;`,
    foundBy: {
      file: 'saga/participant/answer-once.test.ts',
      test: 'a late question about a compensated step gets the reply that it got before, and makes nothing again',
    },
  },
  {
    name: 'other-question-answered',
    file: 'saga/participant/answer-once.ts',
    find: 'if (recorded === undefined || asked === undefined || recorded === asked) continue;',
    replace: 'continue;',
    foundBy: {
      file: 'saga/participant/answer-once.test.ts',
      test: 'another question under a recorded key, in each state',
    },
  },
  {
    name: 'unknown-state-is-a-yes',
    file: 'saga/participant/answer-once.ts',
    find: 'return record.state === made || record.state === compensated;',
    replace: "return made !== compensated && record.state !== 'refused' && record.state !== 'undone';",
    foundBy: {
      file: 'saga/participant/answer-once.test.ts',
      test: 'a record in an unknown state is never a yes, and is never compensated',
    },
  },
  {
    name: 'paid-again',
    seed: 8,
    file: 'account/payments/participant.ts',
    find: `payBookings(set, known);
          await takeAtDesk(tables, records, now());
          const payments = records.flatMap((record) => (record.state === 'paid' ? transfer('payment', record) : []));
          return new Committing(replies, tables.insertRecords(records, now()), tables.move(payments, now()));`,
    replace: `payBookings(set, { ...known, records: new Map(), usedReferences: new Set() });
          const unknown = records.filter(({ bookingId }) => !earlier.has(bookingId));
          await takeAtDesk(tables, unknown, now());
          const payments = records.flatMap((record) => (record.state === 'paid' ? transfer('payment', record) : []));
          return new Committing(replies, tables.insertRecords(unknown, now()), tables.move(payments, now()));`,
  },
  {
    name: 'slot-recorded-elsewhere-unnoticed',
    file: 'events/slots-store.ts',
    find: ' order by booking_id`;',
    replace: ' order by booking_id\n    on conflict (booking_id) do nothing`;',
    foundBy: {
      file: 'events/participant.test.ts',
      test: 'requests of two people with one booking id, for an unknown event, share no lock: one fails',
    },
  },
  {
    name: 'payment-recorded-elsewhere-unnoticed',
    file: 'account/store.ts',
    find: ' order by booking_id`;',
    replace: ' order by booking_id\n    on conflict (booking_id) do nothing`;',
    foundBy: {
      file: 'account/payments/participant.test.ts',
      test: 'requests of two people with one booking id share no lock: one pays, and the other fails',
    },
  },

  // A compensation may arrive before its step, and compensating twice has the effect of once.
  {
    name: 'early-undo-leaves-no-mark',
    seed: 12,
    file: 'saga/participant/answer-once.ts',
    find: "if (record === undefined) marks.set(key, { ...question, state: 'undone' });\n    else",
    replace: 'if (record !== undefined)',
  },
  {
    name: 'undone-twice',
    seed: 1,
    file: 'saga/participant/answer-once.ts',
    find: 'if (record?.state === step.made)',
    replace: 'if (record?.state === step.made || record?.state === step.compensated)',
  },
  {
    name: 'refund-by-person',
    seed: 6,
    file: 'account/store.ts',
    find: " where booking_id = any($1::bigint[])\n   and state = 'paid'",
    replace:
      " where person_id in (select person_id from account.payment where booking_id = any($1::bigint[]))\n   and state = 'paid'",
  },
  {
    name: 'refund-of-nothing-moves-money',
    seed: 6,
    file: 'account/payments/participant.ts',
    find: "const refunds = refunded.flatMap((record) => transfer('refund', record));",
    replace:
      "const refunds = refunded.flatMap((record) => transfer('refund', { ...record, amount: record.amount + 1 }));",
  },
  {
    name: 'release-does-not-count',
    seed: 1,
    file: 'events/participant.ts',
    find: '          tables.count(released, -1),\n',
    replace: '',
  },
  {
    name: 'canceled-event-grants',
    seed: 4,
    file: 'events/slots.ts',
    find: "if (offer.isCanceled) return 'event_canceled';",
    replace: '',
  },
  {
    name: 'sales-never-closed',
    seed: 6,
    file: 'events/slots.ts',
    find: "if (offer.saleOpensAt !== null && now < offer.saleOpensAt) return 'sales_not_open';",
    replace: '',
  },
  {
    name: 'sales-never-end',
    seed: 9,
    file: 'events/slots.ts',
    find: "if (endsAt !== null && now >= endsAt) return 'sales_closed';",
    replace: '',
  },
  {
    name: 'by-hand-has-the-limits-of-a-sale',
    seed: 7,
    file: 'events/slots.ts',
    find: "if (price !== undefined) return isFull ? 'no_slots' : undefined;",
    replace: "if (price !== undefined && offer.maxPerPerson === null) return isFull ? 'no_slots' : undefined;",
  },
  {
    name: 'repair-refused-after-the-sale',
    file: 'events/slots.ts',
    find: "if (price !== undefined) return isFull ? 'no_slots' : undefined;",
    replace: `const isOver = (saleEndsAt(offer) ?? Infinity) <= now;
  if (price !== undefined) return isOver ? 'sales_closed' : isFull ? 'no_slots' : undefined;`,
    foundBy: {
      file: 'book/reconciliation/rules.test.ts',
      test: 'a complete booking without a slot keeps the price that was paid, at any current price of the event, and after its sale',
    },
  },

  // The price that the buyer saw.
  {
    name: 'price-seen-is-charged',
    seed: 6,
    file: 'book/saga/actions.ts',
    find: '{ ...requestOf(booking), expectedPrice };',
    replace: '{ ...requestOf(booking), price: expectedPrice };',
  },
  {
    name: 'price-seen-is-ignored',
    seed: 10,
    file: 'events/slots.ts',
    find: "return expectedPrice !== undefined && expectedPrice !== offer.price ? 'price_changed' : undefined;",
    replace: 'return undefined;',
  },
  {
    name: 'price-seen-compared-before-the-lock',
    file: 'events/participant.ts',
    find: `occupy: (set) =>
      inTransaction(async (tables, now) => {`,
    replace: `occupy: async (asked, seen = {}) =>
      (seen.events = await store.read(asked.map(({ eventId }) => eventId)).catch(() => [])) &&
      inTransaction(async (tables, now) => {
        const prices = new Map(seen.events.map(({ id, price }) => [id, price]));
        const set = asked.map(({ expectedPrice, ...request }) =>
          expectedPrice === prices.get(request.eventId) ? request : { ...request, expectedPrice });`,
    foundBy: {
      file: 'events/participant.test.ts',
      test: 'a price that changes while bookings wait for the lock: the new price is compared, and charged',
    },
  },
  {
    name: 'limit-forgets-its-own-batch',
    file: 'events/slots.ts',
    find: 'held.set(holder, heldByPerson + 1);',
    replace: '',
    foundBy: {
      file: 'events/slots.test.ts',
      test: 'a person’s limit counts slots held earlier and in the same batch, and only that person’s',
    },
  },

  // Bookings by hand, and money taken at the desk.
  {
    name: 'by-hand-forgotten-on-the-way',
    seed: 2,
    file: 'book/bookings/store.ts',
    find: '...(byHand && { byHand }) };',
    replace: '};',
  },
  {
    name: 'by-hand-forgotten-when-taken-over',
    seed: 2,
    file: 'book/bookings/row-schema.ts',
    find: '...(deskReference !== null && { deskReference }),',
    replace: '',
  },
  {
    name: 'reference-pays-twice',
    seed: 8,
    file: 'account/payments/participant.ts',
    find: `const known = { ...totalsOf(accounts), records: earlier, usedReferences };
          const { replies, records } = payBookings(set, known);
          await takeAtDesk(tables, records, now());`,
    replace: `const known = { ...totalsOf(accounts), records: earlier, usedReferences: new Set() };
          const { replies, records } = payBookings(set, known);
          const isNew = ({ desk }) => desk && !usedReferences.has(desk.reference);
          await takeAtDesk(tables, records.filter(isNew), now());
          for (const { personId, amount, desk } of records)
            if (desk && usedReferences.has(desk.reference)) await tables.move([{ kind: 'deposit', personId, amount }], now());`,
  },
  {
    name: 'reference-pays-twice-in-a-batch',
    file: 'account/payments/payments.ts',
    find: 'used.add(desk.reference);',
    replace: '',
    foundBy: {
      file: 'account/payments/payments.test.ts',
      test: 'a reference of the desk pays for one booking, of this batch or of an earlier one',
    },
  },
  {
    name: 'desk-payment-from-the-balance',
    seed: 2,
    file: 'book/saga/actions.ts',
    find: 'return { ...request, desk: { reference: deskReference, by } };',
    replace: 'return request;',
  },
  {
    name: 'desk-refund-stays-on-the-balance',
    seed: 6,
    file: 'account/payments/participant.ts',
    find: 'await giveBackAtDesk(tables, refunded, now());',
    replace: '',
  },

  // Leases: which process runs a booking.
  {
    name: 'moves-unguarded',
    seed: 1,
    file: 'book/bookings/transitions-store.ts',
    find: `\n   and b.status = \${numberOf(from)}`,
    replace: '',
  },
  {
    name: 'goes-on-with-lost-rows',
    seed: 12,
    file: 'saga/coordinator/steps.ts',
    find: 'const moved = await context.own.ask(() => context.store.move(state, moves, new Date(context.world.now())));',
    replace: `await context.own.ask(() => context.store.move(state, moves, new Date(context.world.now())));
    const moved = moves.map(({ item, to, answer }) => ({ ...item, ...answer, state: to }));`,
  },
  {
    name: 'due-never-taken-up',
    seed: 1,
    file: 'saga/coordinator/recovery.ts',
    find: 'await this.#takeOver().catch((error) => this.#context.observer.failed?.(error));',
    replace: '',
  },
  {
    name: 'canceled-and-due-too-late',
    seed: 1,
    file: 'book/bookings/transitions-store.ts',
    find: '       due_at = $4,',
    replace: "       due_at = $4::timestamptz + interval '1 day',",
  },

  // Each reply reaches its booking.
  {
    name: 'reply-of-another',
    seed: 3,
    file: 'saga/coordinator/steps.ts',
    find: 'const answer = answers[index] as Said;',
    replace: 'const answer = answers[batch.length - 1 - index] as Said;',
  },
  {
    name: 'client-gets-anothers-booking',
    seed: 3,
    file: 'platform/batch.ts',
    find: 'entries[index]?.resolve(result);',
    replace: 'entries[entries.length - 1 - index]?.resolve(result);',
  },
  {
    name: 'lost-occupy-is-a-refusal',
    seed: 1,
    file: 'book/saga/actions.ts',
    find: 'events.occupy(set.map(occupyRequestOf)) }',
    replace:
      "events.occupy(set.map(occupyRequestOf)).catch(() => set.map(() => ({ accepted: false, reason: 'no_slots' }) as const)) }",
  },
  {
    name: 'lost-payment-is-a-refusal',
    seed: 6,
    file: 'book/saga/actions.ts',
    find: 'account.pay(set.map(payRequestOf)) }',
    replace:
      "account.pay(set.map(payRequestOf)).catch(() => set.map(() => ({ accepted: false, reason: 'insufficient_funds' }) as const)) }",
  },
  {
    name: 'unknown-told-as-not-stored',
    seed: 28,
    file: 'saga/coordinator/engine.ts',
    find: 'const item = await this.#worker.reserve(() => this.#insert(draft));',
    replace:
      "const item = await this.#worker.reserve(() => this.#insert(draft)).catch((cause) => { throw new Unavailable('nothing was stored', { cause }); });",
  },

  // Repeats with an idempotency key.
  {
    name: 'key-beside-its-booking',
    seed: 13,
    file: 'book/bookings/insert-store.ts',
    find: `  return database.transaction(async (sql) => {
    const stored = await insertOnce(`,
    replace: `  return Promise.resolve(database).then(async (sql) => {
    const stored = await insertOnce(`,
  },
  {
    name: 'second-booking-of-a-key-kept',
    file: 'platform/idempotency/batch-insert.ts',
    find: 'if (lost.length > 0) await remove(lost.map((place) => stored.get(place) as Stored));',
    replace: '',
    foundBy: {
      file: 'platform/idempotency/batch-insert.test.ts',
      test: 'when another process inserts a key first, the second waits and deletes its own booking',
    },
  },
  {
    name: 'answer-kept-apart',
    seed: 21,
    file: 'platform/idempotency/run-once.ts',
    find: `    await store.insert(sql, [{ ...keyed, ...answer }], now);
    return answer;
  });`,
    replace: `    return answer;
  });
  await database.transaction((sql) => store.insert(sql, [{ ...keyed, ...stored }], now));`,
  },
  {
    name: 'voucher-not-kept',
    seed: 9,
    file: 'account/cash/cash-store.ts',
    find: 'const kept = await sql.query(insertVoucher, [reference, transferId, madeBy, bookingId]);',
    replace: 'const kept = [reference];',
  },
  {
    name: 'key-not-taken',
    file: 'platform/idempotency/store.ts',
    find: 'if (row?.isFree !== true) throw new KeyInFlight(keyed.key);',
    replace: '',
    foundBy: {
      file: 'platform/idempotency/store.test.ts',
      test: 'while the first runs, repeats are rejected at once',
    },
  },
  {
    name: 'keys-in-any-order',
    file: 'platform/idempotency/store.ts',
    find: ' order by person_id, route, key\n',
    replace: '',
    foundBy: {
      file: 'platform/idempotency/batch-insert.test.ts',
      test: 'two batches with the same keys in opposite orders do not deadlock',
    },
  },

  // A batch in which one booking fails.
  {
    name: 'poisoned-set-not-split',
    seed: 44,
    file: 'saga/coordinator/steps.ts',
    find: 'if (only !== undefined && batch.length === 1) return { moved: [], lost: [], failed: [{ item: only, error }] };',
    replace: 'if (only !== undefined) return { moved: [], lost: [], failed: batch.map((item) => ({ item, error })) };',
  },
  {
    name: 'away-splits-the-set',
    seed: 1,
    file: 'saga/coordinator/availability.ts',
    find: 'if (!(error instanceof Unavailable)) {',
    replace: 'if (this.#pauseMs >= 0) {',
  },
  {
    name: 'probe-never-sent',
    seed: 1,
    file: 'saga/coordinator/availability.ts',
    find: '      this.#waiting.shift()?.();',
    replace: '',
  },

  // Cancellation and compensation.
  {
    name: 'cancellation-forgets-the-refund',
    seed: 6,
    file: 'book/saga/table.ts',
    find: "complete: { number: 4, cancel: 'refunding' }",
    replace: "complete: { number: 4, cancel: 'releasing' }",
  },
  {
    name: 'refused-payment-keeps-its-slot',
    seed: 10,
    file: 'book/saga/table.ts',
    find: "refused: 'releasing'",
    replace: "refused: 'canceled'",
  },
  {
    name: 'canceled-events-asked-once',
    seed: 7,
    file: 'book/bookings/canceled-events.ts',
    find: 'await pause(this.#world, everyMs * (0.9 + this.#world.random() / 5), signal);',
    replace: 'break;',
  },

  // Concurrency, which the simulation with its single connection cannot show.
  {
    name: 'events-not-locked',
    file: 'events/slots-store.ts',
    find: ' order by id\n   for update`',
    replace: ' order by id`',
    foundBy: {
      file: 'events/participant.test.ts',
      test: '8 concurrent requests for the last slot of an event: one gets it',
    },
  },
  {
    name: 'accounts-not-locked',
    file: 'account/store.ts',
    find: ' order by person_id\n   for update`',
    replace: ' order by person_id`',
    foundBy: {
      file: 'account/payments/participant.test.ts',
      test: '8 concurrent payments with money for one: one pays',
    },
  },
  {
    name: 'slots-read-before-the-lock',
    file: 'events/participant.ts',
    find: 'const [, earlier] = await together(tables.lockOffers(set), tables.readRecords(set));',
    replace: 'const [earlier] = await together(tables.readRecords(set), tables.lockOffers(set));',
    foundBy: {
      file: 'events/participant.test.ts',
      test: '8 concurrent releases of one booking release its slot once',
    },
  },
];
