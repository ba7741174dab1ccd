import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { readTicket, showTicket, ticketFrom, ticketReadings } from './ticket.ts';

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

const russian = 'йцукенгшщзфывапролдячсмить';
const latin = 'qwertyuiopasdfghjklzxcvbnm';

test('a code typed under a Russian layout is read by its keys, in either case', () => {
  assert.equal(readTicket('1ЧРЗ-НЗ2С-ПМЕ7'), '1XHPYP2CGVT7');
  fc.assert(
    fc.property(fc.uuid({ version: 4 }), fc.boolean(), (uuid, isLower) => {
      const code = ticketFrom(uuid);
      const lower = Array.from(showTicket(code).toLowerCase(), (letter) => russian[latin.indexOf(letter)] ?? letter);
      const typed = lower.join('');
      assert.equal(readTicket(isLower ? typed : typed.toUpperCase()), code);
    }),
  );
});

test('a letter that is on another key in another layout gives a second reading', () => {
  assert.deepEqual(ticketReadings('1ІРЗ-НЗ2С-ПМЕ7'), ['1SHPYP2CGVT7', '1BHPYP2CGVT7']);
  assert.ok(ticketReadings('ΣΧΗΠ-ΥΠ2Ψ-ΓΩΤ7').includes('WXHPYP2CGVT7'));
  assert.equal(readTicket('ςχηπ-υπ2ψ-γωτ7'), 'WXHPYP2CGVT7');
});

test('a code typed under a layout with other Latin letters is among the readings, after the code as typed', () => {
  assert.deepEqual(ticketReadings('1XHP-ZP2C-GVT7').slice(0, 2), ['1XHPZP2CGVT7', '1XHPYP2CGVT7']);
  const from = 'qwertyuiopasdfghjklzxcvbnm1234567890-';
  const to = 'azertyuiopqsdfghjklwxcvbn,&é"\'(-è_çà)';
  fc.assert(
    fc.property(fc.uuid({ version: 4 }), (uuid) => {
      const code = ticketFrom(uuid);
      const typed = Array.from(showTicket(code).toLowerCase(), (letter) => to[from.indexOf(letter)]).join('');
      assert.ok(ticketReadings(typed).includes(code), typed);
    }),
  );
});

test('letters that look like those of a code are read as such, where the keys give no code', () => {
  for (const [typed, code] of [
    ['1ХНР-УР2С-АВТ7', '1XHPYP2CABT7'],
    ['1хнр-ур2с-авт7', '1XHPYP2CABT7'],
    ['1XНP-YP2C-GVT7', '1XHPYP2CGVT7'],
    ['1ΧHP-ΥP2C-GVT7', '1XHPYP2CGVT7'],
    ['7KQ2-MОXD-9R4Т', '7KQ2M0XD9R4T'],
    ['7КQ2–М0ХD—9R4Т', '7KQ2M0XD9R4T'],
  ] as const) {
    assert.equal(readTicket(typed), code, typed);
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
    'ЖЖЖЖ-ЖЖЖЖ-ЖЖЖЭ',
    '1ЧР-НЗ2С-ПМЕ7',
    '日本日本日本日本日本日本',
  ]) {
    assert.equal(readTicket(text), undefined, text);
  }
});
