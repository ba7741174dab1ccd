import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Conflict } from '../../platform/errors.ts';
import { cancellationReason } from './cancellation-rules.ts';

const now = new Date('2026-05-01T12:00:00Z');
const noTerms = { startsAt: null, cancelUntil: null, movedAt: null, earlierTerms: [] };
const bookedAt = new Date('2026-04-01T12:00:00Z');
const asked = { isOwner: true, mayAlways: false, checkedInAt: null, bookedAt, event: noTerms, now };
const until = (moment: string) => ({ ...asked, event: { ...noTerms, cancelUntil: moment } });

test('an owner may cancel until the event’s deadline; without a deadline, at any time', () => {
  assert.equal(cancellationReason(asked), 'by_owner');
  assert.equal(cancellationReason({ ...asked, event: undefined }), 'by_owner');
  assert.equal(cancellationReason(until('2026-05-01T12:00:00.000Z')), 'by_owner');
  assert.throws(() => cancellationReason(until('2026-05-01T11:59:59.999Z')), Conflict);
});

test('an owner may cancel until the start, unless the organizer says otherwise', () => {
  const started = { ...noTerms, startsAt: '2026-05-01T11:59:59.999Z' };
  assert.throws(() => cancellationReason({ ...asked, event: started }), Conflict);
  assert.equal(cancellationReason({ ...asked, event: { ...started, startsAt: now.toISOString() } }), 'by_owner');
  assert.equal(
    cancellationReason({ ...asked, event: { ...started, cancelUntil: '2026-05-02T00:00:00Z' } }),
    'by_owner',
  );
});

test('a worse deadline does not bind an earlier booking, and a moved event lets its owners go', () => {
  const late = { ...noTerms, startsAt: '2026-05-09T12:00:00Z', cancelUntil: '2026-04-20T00:00:00Z' };
  const earlierTerms = [{ replacedAt: '2026-04-02T12:00:00Z', cancelUntil: null }];
  assert.throws(() => cancellationReason({ ...asked, event: late }), Conflict);
  assert.equal(cancellationReason({ ...asked, event: { ...late, earlierTerms } }), 'by_owner');
  assert.equal(cancellationReason({ ...asked, event: { ...late, movedAt: '2026-04-30T12:00:00Z' } }), 'by_owner');
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
