import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { mixesAlphabets, skeleton, toLatin } from './look-alikes.ts';

test('logins that cannot be told apart have one skeleton', () => {
  const groups = [
    ['coco', 'сосо', 'СОСО', 'Ꮯᴏco', 'ϲοϲο', 'ｃｏｃｏ', 'COCO', 'ᴄᴏᴄᴏ'],
    [
      'admin',
      'Admin',
      'ＡＤＭＩＮ',
      'admın',
      'ADMİN',
      'admi\u0307n',
      'ᴀᴅᴍɪɴ',
      'ꓮꓓꓟꓲꓠ',
      'аԁmin',
      'ad\u200bmin',
      'admin\ufe0f',
      ' admin ',
      '𝐚𝐝𝐦𝐢𝐧',
      'ⓐⓓⓜⓘⓝ',
    ],
    ['BOB', 'ВОВ', 'ΒΟΒ', 'bob'],
    ['kate', 'КАТЕ', 'ΚΑΤΕ'],
    ['José', 'Jose\u0301', 'ЈОЅЕ\u0301'],
    ['ho-us', 'հօ‐սѕ', 'ho–us', 'ho−us'],
    ["o'x", 'o’x', 'оʼх'],
    ['a b', 'a\u00a0b', 'a  b', 'a\u2003b', 'а\u2800b'],
    ['scope', 'ѕсоре', 'ЅСОРЕ'],
    ['alice', 'aIice', 'ALICE', 'ａＩｉｃｅ', '𝐚𝐈𝐢𝐜𝐞'],
    ['lvan', 'Ivan'],
    ['cocl', 'сосІ', 'сосӀ', 'ϲοϲΙ'],
    ['ivan', 'IVAN', 'İvan', 'І̇van'],
    ['modem', 'rnodern', 'RNODERN', 'moder\u200bn', 'ʀnodeᴍ', 'mode\ufffcm', '\u3164modem\u2800'],
    ['ann', 'an\u{1d159}n', 'a\u{13441}nn', 'an\u{13442}n', 'ann\u115f\u1160', 'a\uffa0nn'],
  ];
  for (const [first = '', ...others] of groups) {
    for (const other of others) assert.equal(skeleton(other), skeleton(first), other);
  }
});

test('logins that people tell apart have different skeletons', () => {
  for (const [one, other] of [
    ['user1', 'userl'],
    ['o', '0'],
    ['jose', 'josé'],
    ['иван', 'ivan'],
    ['вов', 'bob'],
    ['lukasz', 'łukasz'],
    ['strasse', 'straße'],
    ['ann-marie', 'annmarie'],
    ['rñ', 'm'],
    ['мария', 'марiя'],
    ['IVAN', 'lvan'],
    ['AIICE', 'alice'],
    ['aiice', 'alice'],
    ['aİice', 'alice'],
    ['КАТІЕ', 'katle'],
  ] as const) {
    assert.notEqual(skeleton(one), skeleton(other), `${one} ${other}`);
  }
});

test('case and composition do not change the skeleton of a Latin login without I, and it is its own skeleton', () => {
  const withoutI = fc.string().map((login) => login.replaceAll('I', ''));
  fc.assert(fc.property(withoutI, (login) => skeleton(login.toUpperCase()) === skeleton(login)));
  fc.assert(
    fc.property(fc.string({ unit: 'binary' }), (login) => {
      assert.equal(skeleton(skeleton(login)), skeleton(login));
      assert.equal(skeleton(login.normalize('NFD')), skeleton(login.normalize('NFC')));
    }),
  );
});

test('a login has letters of one alphabet; letters of East Asia, digits and signs go with any', () => {
  for (const login of [
    'аdmin',
    'admіn',
    'αdmin',
    'admiո',
    'сοсο',
    'иван-ivan',
    'ａдмин',
    '𝐚дмин',
    'Ꮯoco',
    'bסb',
    'ivan_Иванов',
  ]) {
    assert.ok(mixesAlphabets(login), login);
  }
  for (const login of [
    'admin',
    'иван',
    'Иван-7',
    'Νίκος',
    'Ани',
    'Անի',
    'tanaka田中',
    'たなかtaro',
    '김민수 kim',
    'עלי',
    '日本 語',
    'josé_1',
    'runner@example.org',
    '🏃 run',
    '',
  ]) {
    assert.equal(mixesAlphabets(login), false, login);
  }
});

test('each look-alike letter is replaced by one small Latin letter', () => {
  assert.equal(toLatin('ХАСЕ 7'), 'xace 7');
  assert.equal(toLatin('жЖ'), 'жЖ');
});
