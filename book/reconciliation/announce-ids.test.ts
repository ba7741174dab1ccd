import assert from 'node:assert/strict';
import { test } from 'node:test';
import { setTimeout as delay } from 'node:timers/promises';
import { Unavailable } from '../../platform/errors.ts';
import { createLog } from '../../platform/telemetry/log.ts';
import { realWorld, type World } from '../../platform/world.ts';
import { highestIn, IdAnnouncer, type IdAnnouncerParts } from './announce-ids.ts';

/** The services that do not answer. */
interface Away {
  readonly events?: boolean;
  readonly account?: boolean;
  readonly auth?: boolean;
}

/**
 * An announcer of the highest known ids. Book knows person 5 and event 3, events knows organizer 7, account knows
 * person 9. `announced` collects what auth and events receive.
 */
function scene(world: World = realWorld()) {
  const announced: string[] = [];
  let away: Away = {};
  const answer = async <Answer>(who: keyof Away, said: Answer) => {
    if (away[who]) throw new Unavailable(`${who} is unavailable`);
    return said;
  };
  const raising = (whose: string, who: keyof Away) => ({
    raiseIds: async ({ known }: { readonly known: number }) => {
      await answer(who, {});
      announced.push(`${whose} ${known}`);
      return {};
    },
  });
  const parts = {
    world,
    store: { highestKnown: async () => ({ personId: 5, eventId: 3 }) },
    records: {
      events: { highestPerson: () => answer('events', { personId: 7 }) },
      account: { highestPerson: () => answer('account', { personId: 9 }) },
    },
    givers: { people: raising('people', 'auth'), events: raising('events', 'events') },
    log: createLog('silent'),
  } as unknown as IdAnnouncerParts;
  return {
    announcer: new IdAnnouncer(parts),
    announced,
    leave(services: Away) {
      away = services;
    },
  };
}

test('the highest person id known to any service is announced to auth, the highest event id to events', async () => {
  const { announcer, announced } = scene();
  await announcer.announce();
  assert.deepEqual(announced.splice(0), ['people 9', 'events 3']);
  await announcer.announce({ personId: 20, eventId: 1 });
  assert.deepEqual(announced, ['people 20', 'events 3']);
});

test('with one service away the ids of the others are still announced, and the announcement fails', async () => {
  const { announcer, announced, leave } = scene();
  leave({ account: true });
  await assert.rejects(announcer.announce(), Unavailable);
  assert.deepEqual(announced.splice(0), ['people 7', 'events 3']);
  leave({ auth: true });
  await assert.rejects(announcer.announce(), Unavailable);
  assert.deepEqual(announced.splice(0), ['events 3']);
  leave({ events: true });
  await assert.rejects(announcer.announce(), Unavailable);
  assert.deepEqual(announced, ['people 9']);
});

test('ids are announced at start, every second while a service is away, and otherwise every five seconds', async () => {
  const real = realWorld();
  const pauses: number[] = [];
  const world: World = {
    ...real,
    later(delayMs, work) {
      pauses.push(delayMs);
      return real.later(1, work);
    },
  };
  const { announcer, announced, leave } = scene(world);
  announcer.start();
  while (pauses.length < 2) await delay(1);
  leave({ auth: true, events: true });
  while (!pauses.includes(1_000)) await delay(1);
  leave({});
  announced.length = 0;
  while (announced.length < 2) await delay(1);
  while (pauses.at(-1) !== 5_000) await delay(1);
  announcer.stop();
  await delay(20);
  const seen = pauses.length;
  await delay(20);
  assert.equal(pauses.length, seen, 'announcements continued after stop');
  assert.deepEqual([...new Set(pauses)], [5_000, 1_000]);
});

test('an event id without a price is not a known event: any client can book an invented id', () => {
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
