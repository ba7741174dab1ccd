import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { type KeyStorage, type Write, WriteKeys } from './ui/api/write-keys.ts';

/** Keys that count up, and a storage that outlives the page. */
function withKeys() {
  const stored = new Map<string, string>();
  const storage: KeyStorage = {
    getItem: (name) => stored.get(name) ?? null,
    setItem: (name, value) => void stored.set(name, value),
  };
  let drawn = 0;
  const newKey = () => {
    drawn += 1;
    return `key ${drawn}`;
  };
  return { open: () => new WriteKeys(() => storage, newKey), newKey };
}

const create = (fields: object): Write => ({ method: 'POST', url: '/events/create', body: JSON.stringify(fields) });
const change = (fields: object): Write => ({ method: 'PATCH', url: '/events/1', body: JSON.stringify(fields) });

describe('the idempotency key of a write', () => {
  test('stays until its outcome is known, whatever the order of its fields', () => {
    const keys = withKeys().open();
    const first = keys.keyOf(create({ event_name: 'run', price: 5, extra: { a: 1, b: 2 } }));
    const again = keys.keyOf(create({ extra: { b: 2, a: 1 }, price: 5, event_name: 'run' }));
    assert.equal(again.key, first.key);
    keys.settle(first, true);
    const next = keys.keyOf(create({ event_name: 'run', price: 5, extra: { a: 1, b: 2 } }));
    assert.notEqual(next.key, first.key);
  });

  test('differs for another content, and the first content keeps its own', () => {
    const keys = withKeys().open();
    const five = keys.keyOf(create({ price: 5 }));
    const six = keys.keyOf(create({ price: 6 }));
    assert.notEqual(six.key, five.key);
    keys.settle(six, true);
    assert.equal(keys.keyOf(create({ price: 5 })).key, five.key);
  });

  test('in doubt, a change that is made again after another one is a new write; what adds something is not', () => {
    const keys = withKeys().open();
    const remove: Write = { method: 'DELETE', url: '/events/1/helpers/2', body: '' };
    const [first, removed, created] = [change({ price: 7 }), remove, create({ price: 7 })].map((write) => {
      const kept = keys.keyOf(write);
      kept.isInDoubt = true;
      return kept.key;
    });
    keys.settle(keys.keyOf(change({ price: 0 })), false);
    assert.equal(keys.keyOf(change({ price: 7 })).key, first);
    assert.equal(keys.keyOf(remove).key, removed);
    keys.settle(keys.keyOf(change({ price: 5 })), true);
    assert.notEqual(keys.keyOf(change({ price: 7 })).key, first);
    assert.notEqual(keys.keyOf(remove).key, removed);
    assert.equal(keys.keyOf(create({ price: 7 })).key, created);
  });

  test('is dropped when the outcome of the writes to its address was seen in another way', () => {
    const keys = withKeys().open();
    const [first, other] = [keys.keyOf(create({ price: 7 })), keys.keyOf(change({ price: 7 }))];
    keys.forget('/events/create');
    assert.notEqual(keys.keyOf(create({ price: 7 })).key, first.key);
    assert.equal(keys.keyOf(change({ price: 7 })).key, other.key);
  });

  test('the late answer of a first try does not drop the key of a later write', () => {
    const keys = withKeys().open();
    const first = keys.keyOf(create({ price: 5 }));
    keys.settle(first, true);
    const later = keys.keyOf(create({ price: 5 }));
    keys.settle(first, true);
    assert.equal(keys.keyOf(create({ price: 5 })).key, later.key);
  });

  test('survives a reload, after which its write is in doubt', () => {
    const { open } = withKeys();
    const before = open();
    const kept = before.keyOf(create({ price: 5 }));
    before.settle(before.keyOf(create({ price: 6 })), true);
    assert.equal(kept.isInDoubt, false);
    const after = open();
    assert.deepEqual(after.keyOf(create({ price: 5 })), { ...kept, isInDoubt: true });
    assert.equal(after.keyOf(create({ price: 6 })).isInDoubt, false);
  });

  test('lasts as long as the page where the browser blocks the storage, and where what is stored is damaged', () => {
    const blocked = new WriteKeys(() => {
      throw new DOMException('The operation is insecure.', 'SecurityError');
    }, withKeys().newKey);
    const damaged = new WriteKeys(() => ({ getItem: () => '[{', setItem: () => {} }), withKeys().newKey);
    for (const keys of [blocked, damaged]) {
      const { key } = keys.keyOf(create({ price: 5 }));
      assert.equal(keys.keyOf(create({ price: 5 })).key, key);
    }
  });

  test('is dropped when 200 newer ones are kept', () => {
    const keys = withKeys().open();
    const first = keys.keyOf(create({ price: 0 }));
    for (let price = 1; price < 200; price += 1) keys.keyOf(create({ price }));
    assert.equal(keys.keyOf(create({ price: 0 })).key, first.key);
    keys.keyOf(create({ price: 200 }));
    assert.notEqual(keys.keyOf(create({ price: 0 })).key, first.key);
  });
});
