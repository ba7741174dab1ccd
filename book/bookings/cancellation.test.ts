import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Conflict } from '../../platform/errors.ts';
import { cancellationReason } from './cancellation.ts';

const now = new Date('2026-05-01T12:00:00Z');
const asked = { isOwner: true, mayAlways: false, checkedInAt: null, event: { cancelUntil: null }, now };
const until = (moment: string) => ({ ...asked, event: { cancelUntil: moment } });

test('an owner cancels as long as they like, where the event says nothing, and until it says', () => {
  assert.equal(cancellationReason(asked), 'by_owner');
  assert.equal(cancellationReason({ ...asked, event: undefined }), 'by_owner');
  assert.equal(cancellationReason(until('2026-05-01T12:00:00.000Z')), 'by_owner');
  assert.throws(() => cancellationReason(until('2026-05-01T11:59:59.999Z')), Conflict);
});

test('an owner who was let in does not cancel, whatever the event says', () => {
  assert.throws(() => cancellationReason({ ...until('2027-01-01T00:00:00Z'), checkedInAt: now }), Conflict);
});

test('organizers and admins always may, for others and for themselves, and it is told whose doing it was', () => {
  const late = until('2026-01-01T00:00:00Z');
  assert.equal(cancellationReason({ ...late, mayAlways: true, checkedInAt: now }), 'by_organizer');
  assert.equal(cancellationReason({ ...asked, isOwner: false, mayAlways: true }), 'by_organizer');
  assert.equal(cancellationReason({ ...asked, mayAlways: true }), 'by_owner');
});
