import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import fc from 'fast-check';
import { isTimeZone, momentsOf, wallTimeAt } from './wall-time.ts';

const moments = (text: string, zone: string) => momentsOf(text, zone).map((atMs) => new Date(atMs).toISOString());

test('a time on the clocks of a zone is one moment, in summer and winter', () => {
  for (const [zone, text, moment] of [
    ['UTC', '2026-05-01T21:00', '2026-05-01T21:00:00.000Z'],
    ['Europe/Berlin', '2026-05-01T21:00', '2026-05-01T19:00:00.000Z'],
    ['Europe/Berlin', '2026-12-01T21:00', '2026-12-01T20:00:00.000Z'],
    ['Asia/Kolkata', '2026-05-01T21:00', '2026-05-01T15:30:00.000Z'],
    ['Asia/Kathmandu', '2026-05-01T00:00', '2026-04-30T18:15:00.000Z'],
    ['America/St_Johns', '2026-01-01T00:00', '2026-01-01T03:30:00.000Z'],
    ['Australia/Adelaide', '2026-01-10T10:00:30', '2026-01-09T23:30:30.000Z'],
    ['Australia/Adelaide', '2026-07-10T10:00:30', '2026-07-10T00:30:30.000Z'],
    ['Pacific/Kiritimati', '2026-01-01T12:00', '2025-12-31T22:00:00.000Z'],
    ['Pacific/Pago_Pago', '2026-01-01T12:00', '2026-01-01T23:00:00.000Z'],
  ] as const) {
    assert.deepEqual(moments(text, zone), [moment], `${text} ${zone}`);
  }
});

describe('when clocks go forward', () => {
  test('the skipped time is no moment, at night, at midnight, for half an hour or a whole day', () => {
    for (const [zone, text] of [
      ['Europe/Berlin', '2026-03-29T02:00'],
      ['Europe/Berlin', '2026-03-29T02:30'],
      ['America/New_York', '2026-03-08T02:59'],
      ['America/Santiago', '2026-09-06T00:30'],
      ['Africa/Cairo', '2026-04-24T00:00'],
      ['Australia/Lord_Howe', '2026-10-04T02:15'],
      ['Pacific/Apia', '2011-12-30T12:00'],
    ] as const) {
      assert.deepEqual(moments(text, zone), [], `${text} ${zone}`);
    }
  });

  test('the times before and after are moments next to each other', () => {
    for (const [zone, before, after] of [
      ['Europe/Berlin', '2026-03-29T01:59:59', '2026-03-29T03:00:00'],
      ['America/Santiago', '2026-09-05T23:59:59', '2026-09-06T01:00:00'],
      ['Africa/Cairo', '2026-04-23T23:59:59', '2026-04-24T01:00:00'],
      ['Australia/Lord_Howe', '2026-10-04T01:59:59', '2026-10-04T02:30:00'],
      ['Pacific/Apia', '2011-12-29T23:59:59', '2011-12-31T00:00:00'],
    ] as const) {
      const [last, ...more] = momentsOf(before, zone);
      assert.deepEqual([momentsOf(after, zone), more], [[(last ?? 0) + 1_000], []], zone);
    }
  });
});

test('when clocks go back, the repeated time is two moments, the first one first', () => {
  const hour = 3_600_000;
  for (const [zone, text, first, apartMs] of [
    ['Europe/Berlin', '2026-10-25T02:30', '2026-10-25T00:30:00.000Z', hour],
    ['America/New_York', '2026-11-01T01:00', '2026-11-01T05:00:00.000Z', hour],
    ['America/Santiago', '2026-04-04T23:30', '2026-04-05T02:30:00.000Z', hour],
    ['Africa/Cairo', '2026-10-29T23:30', '2026-10-29T20:30:00.000Z', hour],
    ['Australia/Lord_Howe', '2026-04-05T01:45', '2026-04-04T14:45:00.000Z', hour / 2],
  ] as const) {
    const firstMs = Date.parse(first);
    assert.deepEqual(momentsOf(text, zone), [firstMs, firstMs + apartMs], zone);
  }
});

test('every moment of every zone is found again from the time on its clocks', () => {
  const zones = ['UTC', ...Intl.supportedValuesOf('timeZone')];
  const second = fc.integer({ min: Date.parse('1990-01-01') / 1_000, max: Date.parse('2090-01-01') / 1_000 });
  fc.assert(
    fc.property(fc.constantFrom(...zones), second, (zone, atS) => {
      assert.ok(momentsOf(wallTimeAt(atS * 1_000, zone), zone).includes(atS * 1_000));
    }),
    { numRuns: 2_000 },
  );
});

test('a text that is no time is no moment, and an unknown zone is none', () => {
  for (const text of ['', '2026-05-01', '2026-13-01T00:00', '2026-05-01T25:00', '20026-05-01T10:00', 'tomorrow']) {
    assert.deepEqual(momentsOf(text, 'UTC'), [], text);
  }
  assert.deepEqual(momentsOf('2026-02-30T10:00', 'UTC'), []);
  assert.deepEqual(['Europe/Berlin', 'Europe/Berlim', ''].map(isTimeZone), [true, false, false]);
});
