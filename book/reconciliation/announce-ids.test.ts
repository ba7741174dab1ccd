import assert from 'node:assert/strict';
import { test } from 'node:test';
import { setTimeout as delay } from 'node:timers/promises';
import { Unavailable } from '../../platform/errors.ts';
import { createLog } from '../../platform/telemetry/log.ts';
import { realWorld, type World } from '../../platform/world.ts';
import { highestIn, type IdTelling, KnownIdTeller, tellKnownIds } from './announce-ids.ts';

/** Who is away. */
interface Away {
  readonly events?: boolean;
  readonly account?: boolean;
  readonly auth?: boolean;
}

/** Book knows person 5 and event 3, events an organizer 7, account a person 9; and what auth and events were told. */
function scene() {
  const told: string[] = [];
  let away: Away = {};
  const answer = async <Answer>(who: keyof Away, said: Answer) => {
    if (away[who]) throw new Unavailable(`${who} is away`);
    return said;
  };
  const raising = (whose: string, who: keyof Away) => ({
    raiseIds: async ({ known }: { readonly known: number }) => {
      await answer(who, {});
      told.push(`${whose} ${known}`);
      return {};
    },
  });
  const telling = {
    store: { highestKnown: async () => ({ personId: 5, eventId: 3 }) },
    records: {
      events: { highestPerson: () => answer('events', { personId: 7 }) },
      account: { highestPerson: () => answer('account', { personId: 9 }) },
    },
    givers: { people: raising('people', 'auth'), events: raising('events', 'events') },
    log: createLog('silent'),
  } as unknown as IdTelling;
  return {
    telling,
    told,
    leave(those: Away) {
      away = those;
    },
  };
}

test('auth is told the highest person that any of the three knows, and events the highest event', async () => {
  const { telling, told } = scene();
  await tellKnownIds(telling);
  assert.deepEqual(told.splice(0), ['people 9', 'events 3']);
  await tellKnownIds(telling, { personId: 20, eventId: 1 });
  assert.deepEqual(told, ['people 20', 'events 3']);
});

test('whoever is away keeps the others from nothing, and it fails all the same', async () => {
  const { telling, told, leave } = scene();
  leave({ account: true });
  await assert.rejects(tellKnownIds(telling), Unavailable);
  assert.deepEqual(told.splice(0), ['people 7', 'events 3']);
  leave({ auth: true });
  await assert.rejects(tellKnownIds(telling), Unavailable);
  assert.deepEqual(told.splice(0), ['events 3']);
  leave({ events: true });
  await assert.rejects(tellKnownIds(telling), Unavailable);
  assert.deepEqual(told, ['people 9']);
});

test('they are told when a process starts, every second while somebody is away, and every five seconds else', async () => {
  const real = realWorld();
  const pauses: number[] = [];
  const world: World = {
    ...real,
    later(delayMs, work) {
      pauses.push(delayMs);
      return real.later(1, work);
    },
  };
  const { telling, told, leave } = scene();
  const teller = new KnownIdTeller(telling, world);
  teller.start();
  while (pauses.length < 2) await delay(1);
  leave({ auth: true, events: true });
  while (!pauses.includes(1_000)) await delay(1);
  leave({});
  told.length = 0;
  while (told.length < 2) await delay(1);
  while (pauses.at(-1) !== 5_000) await delay(1);
  teller.stop();
  await delay(20);
  const seen = pauses.length;
  await delay(20);
  assert.equal(pauses.length, seen, 'it went on');
  assert.deepEqual([...new Set(pauses)], [5_000, 1_000]);
});

test('an event that somebody made up is no event that anybody knows', () => {
  const its = { bookingId: 1, personId: 4, eventId: Number.MAX_SAFE_INTEGER };
  const booking = { ...its, price: null, state: 'canceled', openSince: null } as const;
  const slot = { ...its, state: 'refused', price: null } as const;
  const payment = { ...its, state: 'undone', amount: null } as const;
  const trio = { bookingId: 1, booking, slot, payment };
  assert.deepEqual(highestIn([trio]), { personId: 4, eventId: 0 });
  const known = { ...its, eventId: 6 };
  const granted = { ...slot, ...known, state: 'granted', price: 0 } as const;
  const paid = { ...payment, ...known, eventId: 7, state: 'refunded', amount: 5 } as const;
  const complete = { ...booking, ...known, eventId: 8, price: 5 };
  assert.deepEqual(highestIn([{ ...trio, slot: granted }]), { personId: 4, eventId: 6 });
  assert.deepEqual(highestIn([{ ...trio, slot: granted, payment: paid }]), { personId: 4, eventId: 7 });
  assert.deepEqual(highestIn([{ ...trio, booking: complete, slot: undefined }, trio]), { personId: 4, eventId: 8 });
  assert.deepEqual(highestIn([]), { personId: 0, eventId: 0 });
});
