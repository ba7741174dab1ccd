import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import fc from 'fast-check';
import { decimalOf, readAmount, readCount } from './amounts.ts';

const texts = (digits: number, ...all: readonly string[]) => all.map((text) => readAmount(text, digits));

describe('a typed amount', () => {
  test('has a point or a comma as its decimal sign', () => {
    assert.deepEqual(texts(2, '12,50', '12.50', '12,5', '12.5', '12', ' 12.50 ', '0', '0,05', '007'), [
      ...[1_250, 1_250, 1_250, 1_250, 1_200, 1_250, 0, 5, 700],
    ]);
    assert.deepEqual(texts(3, '1,2', '0,250', '1250,500'), [1_200, 250, 1_250_500]);
    assert.deepEqual(texts(8, '0.00000001', '1,00000001'), [1, 100_000_001]);
  });

  test('may have spaces and apostrophes between thousands', () => {
    const spaces = ['1 250', '1\u00a0250', '1\u202f250', '1\u2009250', "1'250", '1’250'];
    assert.deepEqual(texts(2, ...spaces), Array(spaces.length).fill(125_000));
    assert.deepEqual(texts(2, '1 250,50', "1'250.50", '12 345 678,90'), [125_050, 125_050, 1_234_567_890]);
  });

  test('with both signs has the last one as its decimal sign', () => {
    assert.deepEqual(texts(2, '1.250,00', '1,250.00', '1.250.000,5', '1,250,000.05'), [
      ...[125_000, 125_000, 125_000_050, 125_000_005],
    ]);
  });

  test('with one sign more than once has it between thousands', () => {
    assert.deepEqual(texts(2, '1,250,000', '1.250.000'), [125_000_000, 125_000_000]);
  });

  test('that can be read in two ways is refused', () => {
    for (const text of ['1,250', '1.250', '12,505', '123.456']) {
      assert.equal(readAmount(text, 2), 'unreadable', text);
      assert.equal(readAmount(text, 3), 'unreadable', text);
    }
    assert.deepEqual(texts(0, '1,250', '1.250'), [1_250, 1_250]);
  });

  test('that is no number, or is finer than the currency, is refused', () => {
    const wrong = ['', ' ', '12.', '.5', ',', '1e3', '-5', '+5', '−5', '0x10', 'Infinity', '١٢', '１２', '12€', '€12'];
    const groups = ['1 25', '12 50', '1 250 50', '1  250', "1 250'000", '1,25,000', '1,250.5,0', '1.250.00', '1,2,3'];
    const mixed = ['1250,000,00', '1250.000.000', '0,250,000', '1,250,00', '12,50,', '1 ,250', '12, 50', '12\t50'];
    const fine = ['12.505', '0,001', '1250.501', '1 250,505'];
    for (const text of [...wrong, ...groups, ...mixed, ...fine]) assert.equal(readAmount(text, 2), 'unreadable', text);
    assert.deepEqual(texts(0, '12.5', '12,50', '5.00'), ['unreadable', 'unreadable', 'unreadable']);
  });

  test('is exact up to 2^53 - 1 minor units, and refused beyond', () => {
    assert.deepEqual(texts(2, '90071992547409.91', '90 071 992 547 409,91'), [2 ** 53 - 1, 2 ** 53 - 1]);
    assert.deepEqual(texts(2, '90071992547409.92', '9'.repeat(400)), ['too_large', 'too_large']);
  });
});

test('a typed count may have any separator between thousands, but no fraction', () => {
  const counts = ['1000', '1,000', '1.000', '1 000', "1'000", '1,000,000'].map(readCount);
  assert.deepEqual(counts, [1_000, 1_000, 1_000, 1_000, 1_000, 1_000_000]);
  for (const text of ['1,5', '1.5', '10,00', '1e3', '1 00', '']) assert.equal(readCount(text), 'unreadable', text);
});

test('an amount is written with all its digits', () => {
  assert.deepEqual(
    [decimalOf(1_250, 2), decimalOf(5, 2), decimalOf(0, 2), decimalOf(-5, 2), decimalOf(7, 0), decimalOf(1, 8)],
    ['12.50', '0.05', '0.00', '-0.05', '7', '0.00000001'],
  );
  assert.equal(decimalOf(2 ** 53 - 1, 2), '90071992547409.91');
  assert.equal(decimalOf(1e21, 2), '10000000000000000000.00');
  assert.equal(decimalOf(2n ** 64n, 3), '18446744073709551.616');
});

test('an amount that is written and read again is the same, unless it can be read in two ways', () => {
  fc.assert(
    fc.property(fc.maxSafeNat(), fc.integer({ min: 0, max: 8 }), (amount, digits) => {
      const read = readAmount(decimalOf(amount, digits), digits);
      assert.ok(read === amount || (digits === 3 && read === 'unreadable'));
      if (digits === 3) assert.equal(readAmount(`${decimalOf(amount, digits)}0`, digits), amount);
    }),
  );
});
