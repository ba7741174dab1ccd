-- Optional fields of an event, and the booking rules of its organizer.
alter table event
  add column starts_at      timestamptz,
  add column venue          text,
  add column description    text,
  -- No slot is granted before.
  add column sale_opens_at  timestamptz,
  -- How many slots one person may hold.
  add column max_per_person integer check (max_per_person >= 1),
  -- Until when owners may cancel their bookings; enforced by book.
  add column cancel_until   timestamptz;

create index event_of_organizer on event (organizer_id, id);

-- How many slots a person holds at an event. Read only for events with a limit.
create index slot_held_by_person on slot (event_id, person_id) where state = 'granted';
