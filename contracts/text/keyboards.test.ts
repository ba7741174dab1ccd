import assert from 'node:assert/strict';
import { test } from 'node:test';
import { latinReadings } from './keyboards.ts';

test('a text typed under another layout is read by its keys, in either case', () => {
  for (const [text, read] of [
    ['1ЧРЗ-НЗ2С-ПМЕ7', '1XHP-YP2C-GVT7'], // Russian
    ['1чрз-нз2с-пме7', '1XHP-YP2C-GVT7'],
    ['ЙЦУКЕНГЗФІВА', 'QWERTYUPASDF'], // Ukrainian
    ['йцукензфываі', 'QWERTYPASDFB'], // Belarusian
    [';ςερτυπασδφγ', 'QWERTYPASDFG'], // Greek
    ["/'קראטפשדגכע", 'QWERTYPASDFG'], // Hebrew
  ] as const) {
    assert.ok(latinReadings(text).includes(read), text);
  }
});

test('a text typed under another Latin layout is read as typed first, and then by its keys', () => {
  for (const typed of ['1XHP-ZP2C-GVT7', '1xhpßzp2cßgvt7']) {
    assert.ok(latinReadings(typed).includes('1XHP-YP2C-GVT7'), typed); // German
  }
  for (const typed of ["1xhp'zp2c'gvt7", '1XHP-ZP2C-GVT7']) {
    assert.ok(latinReadings(typed).includes('1XHP-YP2C-GVT7'), typed); // Swiss
  }
  assert.ok(latinReadings(')&é"\'(-è_çà').includes('-1234567890')); // French
  assert.ok(latinReadings(')&é"\'(§è!çà').includes('-1234567890')); // Belgian
  for (const typed of ['azqw,)è', 'AZQW?)È', 'AZQW?°7', 'azqw,-7']) {
    assert.ok(latinReadings(typed).includes('QWAZM-7'), typed);
  }
  for (const typed of ['1XHP-ZP2C-GVT7', 'AZQW', 'zoe']) assert.equal(latinReadings(typed)[0], typed.toUpperCase());
});

test('a letter on two keys, or on different keys of two layouts, gives all readings', () => {
  assert.deepEqual(latinReadings('ΣΦ').slice(0, 2), ['SF', 'WF']);
  assert.deepEqual(latinReadings('ЩІ').slice(0, 2), ['OS', 'OB']);
  assert.ok(latinReadings('Σ'.repeat(60)).length < 100);
});

test('the keys come first, then what a letter looks like', () => {
  assert.deepEqual(latinReadings('НА'), ['YF', 'HA']);
  assert.deepEqual(latinReadings('XНХ'), ['XHX']);
});

test('a text that no layout writes keeps the letters that look like no Latin one', () => {
  for (const text of ['Ѣ', 'AЖ', '中', '7#', 'ФΣ']) assert.deepEqual(latinReadings(text), [text], text);
});
