import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { EventDetail } from './ui/api/shapes.ts';
import { questionsAbout } from './ui/pages/organizer/event-questions.ts';

const now = Date.parse('2026-05-01T12:00:00Z');
const day = (days: number) => new Date(now + days * 86_400_000).toISOString();
const draft = { event_name: 'run', price: 5, total_slots: 3 };
const event: EventDetail = { ...draft, id: 1, free_slots: 1, organizer_id: 1, created_at: day(-9), starts_at: day(9) };

test('a usual event raises no question, whichever times it has', () => {
  const times = { starts_at: day(9), sale_opens_at: day(1), sale_closes_at: day(8), cancel_until: day(5) };
  assert.deepEqual(questionsAbout(draft, undefined, now), []);
  assert.deepEqual(questionsAbout({ ...draft, ...times }, undefined, now), []);
  assert.deepEqual(questionsAbout({ price: 7, total_slots: 9 }, event, now), []);
});

test('unusual times are asked about, each by its own question', () => {
  const about = (times: object) => questionsAbout({ ...draft, ...times }, undefined, now);
  assert.deepEqual(about({ starts_at: day(-1) }), ['starts_in_past']);
  assert.deepEqual(about({ starts_at: day(3), sale_closes_at: day(4) }), ['closes_after_start']);
  assert.deepEqual(about({ starts_at: day(3), cancel_until: day(4) }), ['cancel_after_start']);
  assert.deepEqual(about({ cancel_until: day(-1) }), ['cancel_in_past']);
  assert.deepEqual(about({ sale_opens_at: day(3), cancel_until: day(2) }), ['cancel_before_sale']);
});

test('a change is compared with what stays, and asks only about what it touches', () => {
  assert.deepEqual(questionsAbout({ cancel_until: day(10) }, event, now), ['cancel_after_start']);
  assert.deepEqual(questionsAbout({ price: 1 }, { ...event, starts_at: day(-1), cancel_until: day(3) }, now), []);
  assert.deepEqual(questionsAbout({ venue: 'a hall' }, event, now), ['moves_bookings']);
  assert.deepEqual(questionsAbout({ starts_at: null }, event, now), ['moves_bookings']);
  assert.deepEqual(questionsAbout({ venue: 'a hall' }, { ...event, free_slots: 3 }, now), []);
});
