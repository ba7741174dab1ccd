import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Conflict } from '../../platform/errors.ts';
import { cancellationReason } from './cancellation-rules.ts';

const now = new Date('2026-05-01T12:00:00Z');
const asked = { isOwner: true, mayAlways: false, checkedInAt: null, event: { cancelUntil: null }, now };
const until = (moment: string) => ({ ...asked, event: { cancelUntil: moment } });

test('an owner may cancel until the event’s deadline; without a deadline, at any time', () => {
  assert.equal(cancellationReason(asked), 'by_owner');
  assert.equal(cancellationReason({ ...asked, event: undefined }), 'by_owner');
  assert.equal(cancellationReason(until('2026-05-01T12:00:00.000Z')), 'by_owner');
  assert.throws(() => cancellationReason(until('2026-05-01T11:59:59.999Z')), Conflict);
});

test('an owner cannot cancel after check-in, even before the deadline', () => {
  assert.throws(() => cancellationReason({ ...until('2027-01-01T00:00:00Z'), checkedInAt: now }), Conflict);
});

test('organizers and admins may always cancel; the reason names the owner or the organizer', () => {
  const late = until('2026-01-01T00:00:00Z');
  assert.equal(cancellationReason({ ...late, mayAlways: true, checkedInAt: now }), 'by_organizer');
  assert.equal(cancellationReason({ ...asked, isOwner: false, mayAlways: true }), 'by_organizer');
  assert.equal(cancellationReason({ ...asked, mayAlways: true }), 'by_owner');
});
