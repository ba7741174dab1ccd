import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { Refused, Unreachable } from './ui/api/client.ts';
import type { CheckedIn } from './ui/api/shapes.ts';
import { CheckInQueue, type Guest } from './ui/state/check-in-queue.ts';

/** A queue at a door whose server answers when the test says so. */
function withDoor() {
  const asked: { guest: Guest; answer: (outcome: CheckedIn | Error) => void }[] = [];
  const waits: { ms: number; end: (value?: unknown) => void }[] = [];
  const queue = new CheckInQueue({
    checkIn: (guest) =>
      new Promise((resolve, reject) => {
        asked.push({ guest, answer: (outcome) => (outcome instanceof Error ? reject(outcome) : resolve(outcome)) });
      }),
    wait: (ms) =>
      new Promise((resolve) => {
        waits.push({ ms, end: resolve });
      }),
    onChange: () => {},
  });
  const settled = () => new Promise((resolve) => setImmediate(resolve));
  return {
    queue,
    asked,
    waits,
    /** Answers the last request. */
    async answer(outcome: CheckedIn | Error) {
      asked.at(-1)?.answer(outcome);
      await settled();
    },
    async goOn() {
      waits.at(-1)?.end();
      await settled();
    },
    /** The scans as text, the newest first: `B: welcome`. */
    said: () =>
      queue.scans.map(({ guest, outcome }) => {
        const name = 'code' in guest ? guest.code : guest.booking_id;
        if (outcome === undefined) return `${name} waits`;
        if ('done' in outcome) return `${name}: ${outcome.done.is_first ? 'welcome' : 'again'}`;
        return `${name}: ${(outcome.error as Error).message}`;
      }),
  };
}

const welcome = { is_first: true } as CheckedIn;
const refusal = (status: number) => new Refused(new Response(null, { status }), undefined);
const lost = new Unreachable('repeatable');

describe('scans at the door', () => {
  test('each is sent after the one before, and answered', async () => {
    const { queue, asked, answer, said } = withDoor();
    for (const code of ['A', 'B', 'C']) queue.add({ code });
    assert.equal(asked.length, 1);
    await answer(welcome);
    await answer(refusal(404));
    assert.deepEqual(said(), ['C waits', 'B: status 404, without a problem document', 'A: welcome']);
    await answer({ ...welcome, is_first: false });
    assert.deepEqual(said()[0], 'C: again');
    assert.deepEqual(
      asked.map(({ guest }) => guest),
      [{ code: 'A' }, { code: 'B' }, { code: 'C' }],
    );
  });

  test('a lost answer is asked for again every two seconds, and the others wait behind it', async () => {
    const { queue, asked, waits, answer, goOn, said } = withDoor();
    queue.add({ code: 'A' });
    queue.add({ booking_id: 7 });
    for (const error of [lost, refusal(503), lost]) {
      await answer(error);
      assert.deepEqual([queue.isLost, said()], [true, ['7 waits', 'A waits']]);
      await goOn();
    }
    await answer(welcome);
    assert.deepEqual([queue.isLost, said()], [false, ['7 waits', 'A: welcome']]);
    await answer(welcome);
    assert.deepEqual(said(), ['7: welcome', 'A: welcome']);
    assert.deepEqual(
      waits.map(({ ms }) => ms),
      [2_000, 2_000, 2_000],
    );
    assert.equal(asked.length, 5);
  });

  test('an internal error is an answer: it does not hold up the others', async () => {
    const { queue, answer, said } = withDoor();
    queue.add({ code: 'A' });
    queue.add({ code: 'B' });
    await answer(refusal(500));
    await answer(welcome);
    assert.deepEqual(said(), ['B: welcome', 'A: status 500, without a problem document']);
  });

  test('the same ticket is one scan while it waits, and another one afterwards', async () => {
    const { queue, asked, answer, said } = withDoor();
    queue.add({ code: '1XHP-YP2C' });
    queue.add({ code: '1xhp yp2c' });
    queue.add({ code: '1ЧРЗ-НЗ2С' });
    queue.add({ booking_id: 1 });
    queue.add({ booking_id: 1 });
    assert.equal(said().length, 2);
    await answer(welcome);
    await answer(welcome);
    queue.add({ code: '1XHPYP2C' });
    assert.equal(asked.length, 3);
  });

  test('after the end of a session they wait for the next one', async () => {
    const { queue, asked, answer, said } = withDoor();
    queue.add({ code: 'A' });
    await answer(refusal(401));
    assert.deepEqual(said(), ['A waits']);
    queue.resume();
    await answer(welcome);
    assert.deepEqual(said(), ['A: welcome']);
    assert.equal(asked.length, 2);
  });

  test('50 answers are remembered, and every scan that waits', async () => {
    const { queue, answer } = withDoor();
    for (let id = 1; id <= 120; id += 1) queue.add({ booking_id: id });
    for (let id = 1; id <= 60; id += 1) await answer(welcome);
    assert.equal(queue.scans.length, 60 + 50);
  });
});
