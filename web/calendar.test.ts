import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import fc from 'fast-check';
import type { BookingDetail, EventDetail } from './ui/api/shapes.ts';
import { calendarFile } from './ui/pages/bookings/calendar.ts';

const event: EventDetail = {
  ...{ id: 3, event_name: 'green run', price: 5, total_slots: 9, free_slots: 1, organizer_id: 1 },
  ...{ created_at: '2026-03-01T09:00:00.000Z', starts_at: '2026-05-01T19:00:00.000Z', time_zone: 'Europe/Berlin' },
};
const booking: BookingDetail = {
  ...{ id: 7, user_id: 2, event_id: 3, status: 4, state: 'complete', history: [] },
};
const canceled: BookingDetail = {
  ...booking,
  state: 'canceled',
  history: [{ state: 'canceled', at: '2026-04-03T10:00:00.000Z' }],
};

const fileOf = (change: Partial<EventDetail> = {}, of = booking) =>
  calendarFile({ ...event, ...change }, of, 'https://run.example.org');

/** The properties of an entry, as a client reads them by RFC 5545: unfolded, with text unescaped. */
function read(file: string): Record<string, string> {
  assert.ok(file.endsWith('\r\n'));
  const lines = file.slice(0, -2).replaceAll('\r\n ', '').split('\r\n');
  const [begin, ...rest] = lines;
  assert.deepEqual([begin, rest.at(-1)], ['BEGIN:VCALENDAR', 'END:VCALENDAR']);
  const properties = rest.map((line) => /^([A-Z-]+):(.*)$/s.exec(line) ?? assert.fail(`no property: ${line}`));
  const names = properties.map(([, name]) => name).filter((name) => name !== 'BEGIN' && name !== 'END');
  assert.equal(new Set(names).size, names.length, 'a property twice');
  const text = (value = '') =>
    value.replaceAll(/\\(.)/gs, (_, letter: string) => (letter.toLowerCase() === 'n' ? '\n' : letter));
  return Object.fromEntries(properties.map(([, name, value]) => [name, text(value)]));
}

test('an entry has the times of the event in UTC, and what RFC 5545 requires', () => {
  assert.deepEqual(read(fileOf({ venue: 'east gate' })), {
    ...{ VERSION: '2.0', PRODID: '-//Startlist//EN', BEGIN: 'VEVENT', END: 'VCALENDAR' },
    ...{ UID: 'booking-7@run.example.org', URL: 'https://run.example.org/booking/7' },
    ...{ DTSTAMP: '20260301T090000Z', 'LAST-MODIFIED': '20260301T090000Z', SEQUENCE: '0', STATUS: 'CONFIRMED' },
    ...{ DTSTART: '20260501T190000Z', DTEND: '20260501T210000Z', SUMMARY: 'green run', LOCATION: 'east gate' },
  });
});

describe('a newer file', () => {
  const versionOf = (file: string) => {
    const { UID, SEQUENCE, DTSTAMP, STATUS } = read(file);
    assert.equal(UID, 'booking-7@run.example.org');
    return [SEQUENCE, DTSTAMP, STATUS];
  };

  test('of a moved event has a higher sequence and a later stamp, so that clients take over the new time', () => {
    const moved = { starts_at: '2026-05-02T19:00:00.000Z', revision: 2, changed_at: '2026-04-01T08:30:00.000Z' };
    const file = fileOf(moved);
    assert.deepEqual(versionOf(file), ['2', '20260401T083000Z', 'CONFIRMED']);
    assert.equal(read(file)['LAST-MODIFIED'], '20260401T083000Z');
    assert.equal(read(file).DTSTART, '20260502T190000Z');
  });

  test('of a canceled event is canceled, after all its changes', () => {
    const cancellation = { canceled_at: '2026-04-02T10:00:00.000Z', slots_given_back: 0, of: 8 };
    const changes = { revision: 2, changed_at: '2026-04-01T08:30:00.000Z' };
    assert.deepEqual(versionOf(fileOf({ ...changes, cancellation })), ['3', '20260402T100000Z', 'CANCELLED']);
    assert.deepEqual(versionOf(fileOf({ cancellation }, canceled)), ['1', '20260403T100000Z', 'CANCELLED']);
  });

  test('of a canceled booking is canceled', () => {
    assert.deepEqual(versionOf(fileOf({}, canceled)), ['1', '20260403T100000Z', 'CANCELLED']);
  });
});

describe('any text', () => {
  const texts = fc.string({ unit: 'grapheme', maxLength: 300 });

  test('is read back as it was, whatever it contains', () => {
    const awkward = ['a;b,c\\d\\n', 'BEGIN:VEVENT\r\nEND:VCALENDAR', 'one\rtwo\nthree', ':";\\', '😀'.repeat(60)];
    for (const description of awkward) {
      assert.equal(read(fileOf({ description })).DESCRIPTION, description.replaceAll(/\r\n?/g, '\n'));
    }
    fc.assert(
      fc.property(texts, texts, (event_name, venue) => {
        const { SUMMARY, LOCATION } = read(fileOf({ event_name, venue }));
        assert.deepEqual([SUMMARY, LOCATION], [event_name, venue]);
      }),
    );
  });

  test('is folded to lines of at most 75 bytes, in which no character is cut', () => {
    fc.assert(
      fc.property(texts, (description) => {
        for (const line of fileOf({ description }).split('\r\n')) {
          assert.ok(Buffer.byteLength(line) <= 75, line);
          assert.ok(line.isWellFormed());
        }
      }),
    );
  });
});
