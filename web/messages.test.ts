import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { bookingSaga, type Status } from '../book/saga/table.ts';
import type { State } from '../saga/table.ts';
import type { BookingDetail } from './ui/api/shapes.ts';
import { type Message, messagesOf, workedMs } from './ui/saga/messages.ts';

const beganMs = Date.parse('2026-03-01T09:00:00.000Z');

/** A history with the time of each state, in milliseconds after the first. */
function history(...moments: readonly (readonly [state: Status, afterMs: number])[]) {
  return moments.map(([state, afterMs]) => ({ state, at: new Date(beganMs + afterMs).toISOString() }));
}

/** A message as text: `book → events: occupy +0 ask`. */
const textOf = ({ name, from, to, atMs, manner }: Message) => `${from} → ${to}: ${name} +${atMs - beganMs} ${manner}`;

const begin = ['person → book: register +0 ask', 'book → events: occupy +0 ask'];

describe('the history of a booking as messages', () => {
  const stories: readonly [
    title: string,
    history: ReturnType<typeof history>,
    reason: BookingDetail['reason'],
    text: string[],
  ][] = [
    [
      'success',
      history(['occupying', 0], ['paying', 3], ['complete', 5]),
      undefined,
      [
        ...begin,
        'events → book: occupied +3 good',
        'book → account: pay +3 ask',
        'account → book: paid +5 good',
        'book → book: complete +5 good',
      ],
    ],
    [
      'sold out',
      history(['occupying', 0], ['canceled', 2]),
      'no_slots',
      [...begin, 'events → book: occupy_refused +2 bad', 'book → book: canceled +2 bad'],
    ],
    [
      'balance too low: the slot is released',
      history(['occupying', 0], ['paying', 3], ['releasing', 5], ['canceled', 9]),
      'insufficient_funds',
      [
        ...begin,
        'events → book: occupied +3 good',
        'book → account: pay +3 ask',
        'account → book: pay_refused +5 bad',
        'book → events: release +5 ask',
        'events → book: released +9 good',
        'book → book: canceled +9 bad',
      ],
    ],
    [
      'the owner cancels a complete booking',
      history(
        ['occupying', 0],
        ['paying', 3],
        ['complete', 5],
        ['refunding', 90_000],
        ['releasing', 90_004],
        ['canceled', 90_006],
      ),
      'by_owner',
      [
        ...begin,
        'events → book: occupied +3 good',
        'book → account: pay +3 ask',
        'account → book: paid +5 good',
        'book → book: complete +5 good',
        'person → book: cancel +90000 ask',
        'book → account: refund +90000 ask',
        'account → book: refunded +90004 good',
        'book → events: release +90004 ask',
        'events → book: released +90006 good',
        'book → book: canceled +90006 bad',
      ],
    ],
    [
      'the event is canceled during a payment',
      history(['occupying', 0], ['paying', 3], ['refunding', 4]),
      'event_canceled',
      [
        ...begin,
        'events → book: occupied +3 good',
        'book → account: pay +3 ask',
        'events → book: event_canceled +4 bad',
        'book → account: refund +4 wait',
      ],
    ],
    ['waiting for a slot', history(['occupying', 0]), undefined, [begin[0] as string, 'book → events: occupy +0 wait']],
    [
      'waiting for the release of a slot',
      history(['occupying', 0], ['paying', 1], ['releasing', 2]),
      'insufficient_funds',
      [
        ...begin,
        'events → book: occupied +1 good',
        'book → account: pay +1 ask',
        'account → book: pay_refused +2 bad',
        'book → events: release +2 wait',
      ],
    ],
  ];
  for (const [title, moments, reason, expected] of stories) {
    test(title, () => {
      const messages = messagesOf({ history: moments, ...(reason && { reason }) });
      assert.deepEqual(messages.map(textOf), expected);
      // The history may be in any order, because two states can be reached in the same millisecond.
      const shuffled = messagesOf({ history: moments.toReversed(), ...(reason && { reason }) });
      assert.deepEqual(shuffled, messages);
    });
  }
});

/** Every path through the saga's table from its first state, and every prefix of one. */
function paths(state: Status = bookingSaga.first, before: readonly Status[] = []): (readonly Status[])[] {
  const way = [...before, state];
  const { accepted, refused, cancel }: State = bookingSaga.table[state];
  const next = new Set([accepted, refused, cancel].filter((each) => each !== undefined && each !== 'never'));
  return [way, ...[...next].flatMap((each) => paths(each as Status, way))];
}

test('on every path through the table, the last message waits exactly if the booking is open', () => {
  const all = paths();
  assert.ok(all.length > 10);
  for (const way of all) {
    const moments = history(...way.map((state, index) => [state, index] as const));
    const messages = messagesOf({ history: moments, reason: 'by_owner' });
    const isOpen = bookingSaga.isOpen(way.at(-1) as Status);
    assert.equal(messages.at(-1)?.manner === 'wait', isOpen, way.join(' → '));
    assert.equal(messages.filter(({ manner }) => manner === 'wait').length, isOpen ? 1 : 0, way.join(' → '));
    assert.equal(new Set(messages.map(({ name }) => name)).size, messages.length, 'each message appears once');
  }
});

test('the time a booking rests does not count as processing', () => {
  const messages = messagesOf({
    history: history(
      ['occupying', 0],
      ['paying', 3],
      ['complete', 5],
      ['refunding', 90_000],
      ['releasing', 90_004],
      ['canceled', 90_006],
    ),
    reason: 'by_owner',
  });
  assert.equal(workedMs(messages), 11);
});
