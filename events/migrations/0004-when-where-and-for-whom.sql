-- Optional fields of an event, and the booking rules that its organizer sets.
alter table event
  add column starts_at      timestamptz,
  add column venue          text,
  add column description    text,
  -- No slot is granted before this time.
  add column sale_opens_at  timestamptz,
  -- The maximum number of slots for one person.
  add column max_per_person integer check (max_per_person >= 1),
  -- The time until which people may cancel their bookings; enforced by book.
  add column cancel_until   timestamptz;

create index event_of_organizer on event (organizer_id, id);

-- Counts the slots that a person holds at an event. Used only for events with a limit for one person.
create index slot_held_by_person on slot (event_id, person_id) where state = 'granted';
