import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { Contradiction } from '../platform/errors.ts';
import { defineSaga, type State } from './table.ts';

type Rows = Record<string, State>;
const valid = {
  asking: { number: 1, action: 'ask', accepted: 'done', refused: 'undone', cancel: 'undone' },
  done: { number: 2 },
  undone: { number: -1 },
} as const;

describe('a table', () => {
  test('gives the first state, the open and cancelable states, and the next state after a reply', () => {
    const saga = defineSaga(valid);
    assert.equal(saga.first, 'asking');
    assert.deepEqual(saga.open, ['asking']);
    assert.deepEqual(saga.cancelable, ['asking']);
    assert.equal(saga.follow('asking', true), 'done');
    assert.equal(saga.follow('asking', false), 'undone');
    assert.equal(saga.named(-1), 'undone');
  });

  test('a state of a newer version has a name and its number, and counts as open', () => {
    const saga = defineSaga(valid);
    for (const number of [7, -7]) {
      const name = saga.named(number);
      assert.equal(name, `state_${number}`);
      assert.deepEqual([saga.isUnknown(name), saga.isOpen(name), saga.numberOf(name)], [true, true, number]);
    }
    assert.deepEqual([saga.isUnknown('done'), saga.isOpen('done'), saga.numberOf('done')], [false, false, 2]);
    assert.throws(() => saga.numberOf('gone' as 'done'), Contradiction);
  });

  test('a refusal that the table rules out is a contradiction', () => {
    const saga = defineSaga({ ...valid, asking: { ...valid.asking, refused: 'never' } });
    assert.throws(() => saga.follow('asking', false), Contradiction);
  });

  test('ranks grow along every transition', () => {
    const saga = defineSaga({
      a: { number: 1, action: 'x', accepted: 'b', refused: 'd', cancel: 'c' },
      b: { number: 2, action: 'y', accepted: 'd', refused: 'c' },
      c: { number: 3, action: 'z', accepted: 'd', refused: 'never' },
      d: { number: 4 },
    });
    assert.ok(saga.rank('a') < saga.rank('b') && saga.rank('b') < saga.rank('c') && saga.rank('c') < saga.rank('d'));
  });

  for (const [fault, rows] of Object.entries<Rows>({
    'a table with one number for two states': { ...valid, done: { number: 1 } },
    'a table with an open state that has no refused transition': {
      ...valid,
      asking: { number: 1, action: 'ask', accepted: 'done' },
    },
    'a table with two first states': { ...valid, other: { number: 5 } },
    'a table with a cycle': {
      start: { number: 1, action: 'x', accepted: 'a', refused: 'a' },
      a: { number: 2, action: 'x', accepted: 'b', refused: 'b' },
      b: { number: 3, action: 'x', accepted: 'a', refused: 'a' },
    },
  })) {
    test(`${fault} is rejected`, () => {
      assert.throws(() => defineSaga(rows as typeof valid));
    });
  }
});
