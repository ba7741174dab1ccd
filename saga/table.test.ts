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
  test('tells where a saga begins, what is open, what can be canceled and where answers lead', () => {
    const saga = defineSaga(valid);
    assert.equal(saga.first, 'asking');
    assert.deepEqual(saga.open, ['asking']);
    assert.deepEqual(saga.cancelable, ['asking']);
    assert.equal(saga.follow('asking', true), 'done');
    assert.equal(saga.follow('asking', false), 'undone');
    assert.equal(saga.named(-1), 'undone');
    assert.throws(() => saga.named(7), Contradiction);
  });

  test('a refusal where none is allowed leads nowhere', () => {
    const saga = defineSaga({ ...valid, asking: { ...valid.asking, refused: 'never' } });
    assert.throws(() => saga.follow('asking', false), Contradiction);
  });

  test('ranks only grow along the arrows', () => {
    const saga = defineSaga({
      a: { number: 1, action: 'x', accepted: 'b', refused: 'd', cancel: 'c' },
      b: { number: 2, action: 'y', accepted: 'd', refused: 'c' },
      c: { number: 3, action: 'z', accepted: 'd', refused: 'never' },
      d: { number: 4 },
    });
    assert.ok(saga.rank('a') < saga.rank('b') && saga.rank('b') < saga.rank('c') && saga.rank('c') < saga.rank('d'));
  });

  for (const [fault, rows] of Object.entries<Rows>({
    'one number for two states': { ...valid, done: { number: 1 } },
    'an open state without its arrows': { ...valid, asking: { number: 1, action: 'ask', accepted: 'done' } },
    'two beginnings': { ...valid, other: { number: 5 } },
    'a circle': {
      start: { number: 1, action: 'x', accepted: 'a', refused: 'a' },
      a: { number: 2, action: 'x', accepted: 'b', refused: 'b' },
      b: { number: 3, action: 'x', accepted: 'a', refused: 'a' },
    },
  })) {
    test(`${fault} is no saga`, () => {
      assert.throws(() => defineSaga(rows as typeof valid));
    });
  }
});
