import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { cancelableUntilMs, type Terms } from './terms.ts';

const hour = (hours: number) => new Date(Date.UTC(2026, 4, 1, hours)).toISOString();
const day = (days: number) => hour(24 * days);

/** The deadline of a booking that was made at `bookedAt`, as a moment; `never` without one. */
function deadline(terms: Terms, bookedAt: string): string {
  const untilMs = cancelableUntilMs(terms, Date.parse(bookedAt));
  return Number.isFinite(untilMs) ? new Date(untilMs).toISOString() : 'never';
}

describe('until when an owner may cancel', () => {
  test('until the start, unless the organizer says otherwise; without a start, without a limit', () => {
    assert.equal(deadline({}, day(0)), 'never');
    assert.equal(deadline({ starts_at: day(9) }, day(0)), day(9));
    assert.equal(deadline({ starts_at: day(9), cancel_until: day(2) }, day(0)), day(2));
    assert.equal(deadline({ starts_at: day(9), cancel_until: day(11) }, day(0)), day(11));
    assert.equal(deadline({ cancel_until: day(2) }, day(0)), day(2));
  });

  test('a worse deadline binds later bookings only', () => {
    const terms = {
      starts_at: day(20),
      cancel_until: day(3),
      earlier_terms: [{ replaced_at: day(1), cancel_until: day(9) }, { replaced_at: day(2) }],
    };
    assert.equal(deadline(terms, day(0)), day(20));
    assert.equal(deadline({ ...terms, earlier_terms: terms.earlier_terms.slice(0, 1) }, day(0)), day(9));
    assert.equal(deadline({ ...terms, earlier_terms: terms.earlier_terms.slice(0, 1) }, day(1)), day(3));
    assert.equal(deadline(terms, day(2)), day(3));
  });

  test('a better deadline is for everybody', () => {
    const earlier_terms = [{ replaced_at: day(1), cancel_until: day(2) }];
    assert.equal(deadline({ starts_at: day(9), cancel_until: day(5), earlier_terms }, day(0)), day(5));
    assert.equal(deadline({ starts_at: day(9), earlier_terms }, day(0)), day(9));
  });

  test('after a change of date or place, owners of earlier bookings may cancel for seven days, but not after the start', () => {
    const terms = { starts_at: day(30), cancel_until: day(1), moved_at: day(5) };
    assert.equal(deadline(terms, day(0)), day(12));
    assert.equal(deadline(terms, day(5)), day(1));
    assert.equal(deadline({ ...terms, starts_at: day(8) }, day(0)), day(8));
    assert.equal(deadline({ ...terms, cancel_until: day(20) }, day(0)), day(20));
  });

  test('an event that moves close to now, or into the past, leaves them a day', () => {
    assert.equal(deadline({ starts_at: hour(25), moved_at: day(1) }, day(0)), day(2));
    assert.equal(deadline({ starts_at: day(0), moved_at: day(1) }, day(0)), day(2));
  });
});
