import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { Value } from 'typebox/value';
import { Lines, Name } from '../fields.ts';
import { namePattern, tidyName } from './names.ts';

const isName = (text: string) => Value.Check(Name(200), text);
const mayBeOptional = (text: string) => Value.Check(Name(200, { minLength: 0 }), text);

test('a name has letters of any script, marks on them, and emoji', () => {
  for (const name of [
    'run',
    'José',
    'e\u0301a',
    'Ёлка',
    'שלום',
    'שָׁלוֹם',
    'مُحَمَّد',
    '山田 太郎',
    '葛\u{e0100}飾区',
    'O’Brien',
    '½ № 3',
    'a\u00a0b',
  ]) {
    assert.ok(isName(name), name);
  }
  for (const emoji of ['🏃', '🏃🏽', '🏽', '❤️', '1️⃣', '🇩🇪', '☎︎', '👨🏽️']) assert.ok(isName(emoji), emoji);
});

test('a joiner stands between two emoji only', () => {
  const joined = ['👨‍👩‍👧', '👩🏽‍🚀', '❤️‍🔥', '🏳️‍🌈', '🏴‍☠️', '👁️‍🗨️', '🧑🏻‍❤️‍💋‍🧑🏼', '🐻‍❄️', '🙂‍↔️', '🐦‍⬛'];
  for (const emoji of joined) {
    assert.ok(isName(emoji), emoji);
    assert.ok(isName(`${emoji} and ${emoji}${emoji}`), emoji);
  }
  for (const name of [
    'a\u200db',
    '\u200d',
    '👨\u200d',
    '\u200d👨',
    'a\u200d👨',
    '👨\u200da',
    '👨\u200d\u200d👨',
    '1\u200d2',
  ]) {
    assert.equal(isName(name), false, JSON.stringify(name));
    assert.equal(mayBeOptional(name), false, JSON.stringify(name));
  }
});

test('a name has no character that hides, turns text or ends the line', () => {
  const hidden = [
    ...['\0', '\n', '\t', '\u007f', '\u0085', '\u2028', '\u2029', '\ud800', '\udc00'],
    ...['\u00ad', '\u061c', '\u180e', '\u200b', '\u200c', '\u200e', '\u200f', '\u202a', '\u202e', '\u2060', '\u2064'],
    ...['\u2066', '\u2069', '\ufeff', '\ufff9', '\u{e0001}', '\u{e0041}', '\u{1d173}'],
    ...['\u034f', '\u115f', '\u1160', '\u17b4', '\u3164', '\uffa0', '\u{e01f0}'],
    ...['\u2800', '\u{13441}', '\u{13442}', '\u{16fe4}', '\ufffc', '\u{1d159}'],
  ];
  for (const part of hidden) {
    for (const name of [part, `Ann${part}`, `${part}Ann`, `An${part}n`, `👨${part}👩`]) {
      assert.equal(isName(name), false, JSON.stringify(name));
      assert.equal(mayBeOptional(name), false, JSON.stringify(name));
    }
  }
});

test('a variation selector follows the one character that it belongs to', () => {
  for (const name of ['\ufe0f', '\ufe0fa', 'a\ufe0f\ufe0f', 'a\ufe0f\u{e0100}'])
    assert.equal(isName(name), false, JSON.stringify(name));
});

test('a letter has as many marks as scripts need, and no pile that is drawn over the page', () => {
  for (const name of [
    'Nguye\u0302\u0303n',
    'ที่นี่',
    'שׁ\u05bc\u05b8\u0596לום',
    'လျှို့ဝှက်',
    'མཧཱུྃ',
    'A\u0300\u0301\u0302\u0303',
    '1️⃣',
  ]) {
    assert.ok(isName(name), name);
    assert.ok(isName(name.normalize('NFD')), name);
  }
  for (const name of [
    `A${'\u0300'.repeat(5)}`,
    `A${'\u0300'.repeat(190)}`,
    `x A${'\u0489'.repeat(5)} y`,
    `A${'\u0e49\u0300'.repeat(3)}`,
    `A${'\u0300\ufe0f'.repeat(50)}`,
    `क${'\u093e\u0301'.repeat(40)}`,
    `\u{1d158}${'\u{1d165}'.repeat(40)}`,
    '\u20dd'.repeat(5),
    `👨${'\u20e0'.repeat(5)}`,
  ]) {
    assert.equal(isName(name), false, JSON.stringify(name));
    assert.equal(mayBeOptional(name), false, JSON.stringify(name));
  }
});

test('a name shows something', () => {
  for (const blank of ['', ' ', '\u00a0\u2003', '\u3000', '\u0301', ' \u0308\u20dd']) {
    assert.equal(isName(blank), false, JSON.stringify(blank));
    assert.ok(mayBeOptional(blank), JSON.stringify(blank));
    assert.ok(isName(`${blank}a`), JSON.stringify(blank));
  }
});

test('a long text is checked at once, whatever it ends with', () => {
  for (const part of ['👨‍👩‍👧', '🏽', 'a\ufe0f', '👨🏽\ufe0f', ' ', '\u0301']) {
    const pattern = new RegExp(namePattern({ mayBeBlank: false }), 'u');
    for (const end of ['\u200b', '\u200d', '\ufe0f\ufe0f'])
      assert.equal(pattern.test(part.repeat(20_000) + end), false);
  }
});

test('a description has line breaks, and no control that turns the text after it', () => {
  const check = (text: string) => Value.Check(Lines(100), text);
  for (const text of ['', 'one\r\ntwo\tthree', 'a\u200db', '\u200f', '\u200bx'])
    assert.ok(check(text), JSON.stringify(text));
  for (const mark of ['\u202a', '\u202b', '\u202c', '\u202d', '\u202e', '\u2066', '\u2067', '\u2068', '\u2069', '\0']) {
    assert.equal(check(`one\n${mark}two`), false, JSON.stringify(mark));
  }
});

test('a tidy reference is composed, with single spaces inside and none at its ends', () => {
  for (const text of ['x', 'x ', ' x', '\tx', '\u00a0x\u3000', '\u2800x \u2800']) assert.equal(tidyName(text), 'x');
  for (const text of ['A x', 'A  x', 'A\u00a0x', 'A \u2003 x', '\u3000A\u202fx']) assert.equal(tidyName(text), 'A x');
  assert.equal(tidyName(' cafe\u0301  7 '), 'caf\u00e9 7');
  fc.assert(fc.property(fc.string({ unit: 'binary' }), (text) => tidyName(tidyName(text)) === tidyName(text)));
});

test('a tidy reference has variation selectors after emoji and ideographs only', () => {
  for (const [text, tidy] of [
    ['x\ufe0f', 'x'],
    ['x\ufe00 7\ufe0f', 'x 7'],
    ['7\u{e0100}-\ufe0e', '7-'],
    ['e\ufe0f\u0301', '\u00e9'],
    ['A \ufe0f x', 'A x'],
    ['\ufe0fx', 'x'],
  ] as const) {
    assert.equal(tidyName(text), tidy, JSON.stringify(text));
  }
  for (const text of ['❤\ufe0f', '☎\ufe0e', '👨🏽\ufe0f', '1\ufe0f\u20e3', '葛\u{e0100}飾区', '❤\ufe0f\u200d🔥']) {
    assert.equal(tidyName(text), text);
  }
});
