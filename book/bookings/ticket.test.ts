import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { readTicket, showTicket, ticketFrom } from './ticket.ts';

test('a displayed code is read back in any case, with O for 0, I or l for 1, and spaces', () => {
  fc.assert(
    fc.property(fc.uuid({ version: 4 }), fc.boolean(), (uuid, isLower) => {
      const code = ticketFrom(uuid);
      const shown = showTicket(code);
      assert.match(shown, /^[0-9A-HJKMNP-TV-Z]{4}(-[0-9A-HJKMNP-TV-Z]{4}){2}$/);
      const typed = shown
        .replaceAll('0', 'O')
        .replaceAll('1', isLower ? 'l' : 'I')
        .replaceAll('-', ' - ');
      assert.equal(readTicket(isLower ? typed.toLowerCase() : typed), code);
    }),
  );
});

test('10,000 codes are unique, and each place uses all 32 characters', () => {
  const codes = Array.from({ length: 10_000 }, () => ticketFrom(crypto.randomUUID()));
  assert.equal(new Set(codes).size, codes.length);
  for (let place = 0; place < 12; place += 1) {
    assert.equal(new Set(codes.map((code) => code[place])).size, 32, `place ${place}`);
  }
});

test('an invalid code is rejected', () => {
  for (const text of [
    '',
    'U'.repeat(12),
    '7KQ2-M0XD-9R4',
    '7KQ2-M0XD-9R4TT',
    '7KQ2-M0XD-9R4!',
    '１２３４５６７８９０１２',
  ]) {
    assert.equal(readTicket(text), undefined, text);
  }
});
