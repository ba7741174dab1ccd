import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import fc from 'fast-check';
import { Contradiction } from '../../platform/errors.ts';
import { answerOnce, type Step, type StepRecord, undoOnce } from './answer-once.ts';

/** A request to the participant of these tests, which rents out lockers for orders and takes them back. */
interface Question {
  readonly order: number;
  readonly size: string;
  readonly weight?: number;
}
interface Rented extends Question {
  readonly state: 'rented' | 'returned';
  readonly locker: number;
}
interface Refused extends Question {
  readonly state: 'refused';
  readonly reason: 'all_taken';
}
type Recorded = StepRecord<Question, Rented, Refused>;

const locker: Step<Question, Rented> = {
  subject: 'order',
  made: 'rented',
  compensated: 'returned',
  facts: ['size', 'weight'],
  keyOf: ({ order }) => order,
  questionOf: ({ order, size }) => ({ order, size }),
};
const ask = (order: number, size = 'small'): Question => ({ order, size });
const rented = (order: number): Rented => ({ ...ask(order), state: 'rented', locker: order + 100 });
const returned = (order: number): Rented => ({ ...rented(order), state: 'returned' });
const refused = (order: number): Refused => ({ ...ask(order), state: 'refused', reason: 'all_taken' });
const stored = (...records: Recorded[]) => new Map(records.map((record) => [record.order, record]));
const noDecision = (): Recorded => assert.fail('a recorded key is decided again');

function rent(questions: readonly Question[], records: ReadonlyMap<number, Recorded>, decide = rentFor) {
  return answerOnce(locker, questions, records, {
    decide,
    accept: (made) => ({ accepted: true as const, locker: made.locker }),
  });
}
const rentFor = ({ order }: Question): Recorded => rented(order);

describe('a participant answers each key once', () => {
  test('a new key is decided, and its record is handed back to be stored', () => {
    const decide = ({ order }: Question): Recorded => (order === 1 ? rented(1) : refused(order));
    const { replies, fresh } = rent([ask(1), ask(2)], stored(), decide);
    assert.deepEqual(replies, [
      { accepted: true, locker: 101 },
      { accepted: false, reason: 'all_taken' },
    ]);
    assert.deepEqual(fresh, [rented(1), refused(2)]);
  });

  test('a recorded key gets the recorded reply, refusals included, and nothing is stored', () => {
    const { replies, fresh } = rent([ask(2), ask(1)], stored(rented(1), refused(2)), noDecision);
    assert.deepEqual(replies, [
      { accepted: false, reason: 'all_taken' },
      { accepted: true, locker: 101 },
    ]);
    assert.deepEqual(fresh, []);
  });

  test('a key twice in one batch is decided once and answered twice', () => {
    let decided = 0;
    const decide = (question: Question): Recorded => {
      decided += 1;
      return decided === 1 ? refused(question.order) : rented(question.order);
    };
    const { replies, fresh } = rent([ask(1), ask(1)], stored(), decide);
    assert.deepEqual(replies, Array(2).fill({ accepted: false, reason: 'all_taken' }));
    assert.deepEqual(fresh, [refused(1)]);
  });

  test('a late question about a compensated step gets the reply that it got before, and makes nothing again', () => {
    const { replies, fresh } = rent([ask(1)], stored(returned(1)), noDecision);
    assert.deepEqual(replies, [{ accepted: true, locker: 101 }]);
    assert.deepEqual(fresh, []);
  });
});

describe('a participant undoes each key once', () => {
  test('an undo before its step leaves one mark, and the mark refuses the late step', () => {
    const { undone, marks } = undoOnce(locker, [ask(1), ask(1)], stored());
    assert.deepEqual(undone, []);
    assert.deepEqual(marks, [{ ...ask(1), state: 'undone' }]);
    const late = rent([ask(1)], stored(...marks), noDecision);
    assert.deepEqual(late.replies, [{ accepted: false, reason: 'undone' }]);
    assert.deepEqual(late.fresh, []);
  });

  test('an undo ignores the fields that only its step needs', () => {
    const { marks } = undoOnce(locker, [{ ...ask(1), weight: 5 }], stored());
    assert.deepEqual(marks, [{ ...ask(1), state: 'undone' }]);
    const heavy = { ...rented(1), weight: 7 };
    assert.deepEqual(undoOnce(locker, [{ ...ask(1), weight: 5 }], stored(heavy)).undone, [heavy]);
  });

  test('undone twice in one batch, a step is compensated once', () => {
    const { undone, marks } = undoOnce(locker, [ask(1), ask(1)], stored(rented(1)));
    assert.deepEqual(undone, [rented(1)]);
    assert.deepEqual(marks, []);
  });

  test('a compensated, a refused and a marked key are left as they are', () => {
    const records = stored(returned(1), refused(2), { ...ask(3), state: 'undone' });
    assert.deepEqual(undoOnce(locker, [ask(1), ask(2), ask(3)], records), { undone: [], marks: [] });
  });
});

describe('a contradiction gets no reply', () => {
  const states: readonly Recorded[] = [rented(1), returned(1), refused(1), { ...ask(1), state: 'undone' }];

  test('another question under a recorded key, in each state', () => {
    for (const record of states) {
      assert.throws(() => rent([ask(1, 'large')], stored(record)), Contradiction);
      assert.throws(() => undoOnce(locker, [ask(1, 'large')], stored(record)), Contradiction);
    }
  });

  test('two questions under one key in one batch', () => {
    assert.throws(() => rent([ask(1), ask(1, 'large')], stored()), Contradiction);
    assert.throws(() => undoOnce(locker, [ask(1), ask(1, 'large')], stored()), Contradiction);
  });

  test('its message names the key, what was recorded and what is asked', () => {
    assert.throws(() => rent([ask(7, 'large')], stored(rented(7))), {
      name: 'Contradiction',
      message: 'order 7: size was small, and is large now',
    });
  });

  test('a fact is compared when both the record and the question have it', () => {
    const records = stored({ ...rented(1), weight: 5 });
    assert.equal(rent([ask(1)], records).replies.length, 1);
    assert.equal(rent([{ ...ask(1), weight: 5 }], records).replies.length, 1);
    assert.throws(() => rent([{ ...ask(1), weight: 6 }], records), Contradiction);
    const withoutWeight = stored({ ...rented(1), weight: null } as unknown as Recorded);
    assert.equal(rent([{ ...ask(1), weight: 6 }], withoutWeight).replies.length, 1);
  });

  test('a record in an unknown state is never a yes, and is never compensated', () => {
    const records = stored({ ...rented(1), state: 'lost' } as unknown as Recorded);
    const message = 'order 1: its record is in the unknown state "lost"';
    assert.throws(() => rent([ask(1)], records), { name: 'Contradiction', message });
    assert.throws(() => undoOnce(locker, [ask(1)], records), { name: 'Contradiction', message });
  });
});

test('steps and undos in any order: one decision, one reply and at most one compensation a key', () => {
  const call = fc.record({
    isUndo: fc.boolean(),
    orders: fc.array(fc.integer({ min: 1, max: 6 }), { minLength: 1, maxLength: 5 }),
  });
  fc.assert(
    fc.property(fc.array(call), fc.func(fc.boolean()), (calls, hasRoom) => {
      const records = new Map<number, Recorded>();
      const said = new Map<number, unknown>();
      const compensations = new Map<number, number>();
      const isUndoneFirst = new Set<number>();
      for (const { isUndo, orders } of calls) {
        const questions = orders.map((order) => ask(order));
        if (isUndo) {
          for (const order of orders) if (!records.has(order)) isUndoneFirst.add(order);
          const { undone, marks } = undoOnce(locker, questions, records);
          for (const { order } of undone) {
            compensations.set(order, (compensations.get(order) ?? 0) + 1);
            records.set(order, returned(order));
          }
          for (const mark of marks) records.set(mark.order, mark);
        } else {
          const decide = ({ order }: Question): Recorded => (hasRoom(order) ? rented(order) : refused(order));
          const { replies, fresh } = rent(questions, records, decide);
          for (const record of fresh) {
            assert.ok(!records.has(record.order), 'a key is decided twice');
            records.set(record.order, record);
          }
          for (const [index, reply] of replies.entries()) {
            const order = orders[index] ?? 0;
            assert.deepEqual(reply, said.get(order) ?? reply, 'two replies under one key');
            assert.equal(reply.accepted, hasRoom(order) && !isUndoneFirst.has(order));
            said.set(order, reply);
          }
        }
      }
      for (const [order, count] of compensations) {
        assert.equal(count, 1);
        assert.ok(hasRoom(order) && !isUndoneFirst.has(order), 'a step that was never made is compensated');
      }
      for (const { order, state } of records.values()) {
        if (hasRoom(order) && compensations.has(order)) assert.equal(state, 'returned');
      }
    }),
  );
});
