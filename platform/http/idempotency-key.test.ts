import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import fc from 'fast-check';
import { InvalidInput } from '../errors.ts';
import { canonical, maxKeyLength, parseIdempotencyKey } from './idempotency-key.ts';

const visible = fc.string({ unit: fc.integer({ min: 0x20, max: 0x7e }).map((code) => String.fromCharCode(code)) });

describe('an idempotency key', () => {
  test('is the same with and without quotes', () => {
    const uuid = '8e03978e-40d5-43e8-bc93-6894a57f9324';
    assert.equal(parseIdempotencyKey(`"${uuid}"`), uuid);
    assert.equal(parseIdempotencyKey(uuid), uuid);
    assert.equal(parseIdempotencyKey(` "${uuid}" `), uuid);
  });

  test('is unescaped from quotes', () => {
    const keys = visible.filter(({ length }) => length >= 1 && length <= maxKeyLength);
    fc.assert(
      fc.property(keys, (key) => assert.equal(parseIdempotencyKey(`"${key.replaceAll(/["\\]/g, '\\$&')}"`), key)),
      { numRuns: 1_000 },
    );
  });

  const wrong = [
    ['', '""', '"', '"a', 'a"', '"a" "b"', '"a", "b"', 'a, b', '"a";x=1', '"a\\b"', '"ä"', 'ä', 'a b'],
    ['"a\u0000"', '"a\tb"', 'x'.repeat(maxKeyLength + 1), `"${'x'.repeat(maxKeyLength + 1)}"`],
  ].flat();
  for (const header of wrong) {
    test(`is not ${JSON.stringify(header.slice(0, 20))}${header.length > 20 ? '…, which is too long' : ''}`, () => {
      assert.throws(() => parseIdempotencyKey(header), InvalidInput);
    });
  }

  test('can have the maximum length', () => {
    assert.equal(parseIdempotencyKey('x'.repeat(maxKeyLength)).length, maxKeyLength);
  });
});

describe('the canonical request', () => {
  test('does not depend on the order of fields, and differs with any other value', () => {
    fc.assert(
      fc.property(fc.jsonValue(), fc.jsonValue(), (one, other) => {
        const again = JSON.parse(JSON.stringify(one));
        assert.equal(canonical(reversed(one)), canonical(again));
        if (JSON.stringify(one) === JSON.stringify(other)) return;
        try {
          assert.deepEqual(JSON.parse(JSON.stringify(one)), JSON.parse(JSON.stringify(other)));
        } catch {
          assert.notEqual(canonical(one), canonical(other));
        }
      }),
    );
  });
});

/** The same value, with the fields of each object in the opposite order. */
function reversed(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(reversed);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value)
      .reverse()
      .map(([name, part]) => [name, reversed(part)]),
  );
}
