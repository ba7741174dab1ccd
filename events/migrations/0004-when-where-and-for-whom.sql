-- What an event may say of itself besides, and the rules that its organizer may set. All of it may be left out.
alter table event
  add column starts_at      timestamptz,
  add column venue          text,
  add column description    text,
  -- Nobody gets a slot before.
  add column sale_opens_at  timestamptz,
  -- How many slots one person may hold.
  add column max_per_person integer check (max_per_person >= 1),
  -- Until when owners may cancel their bookings; book holds them to it.
  add column cancel_until   timestamptz;

create index event_of_organizer on event (organizer_id, id);

-- How many slots a person holds at an event. It is asked for only where an event has a limit.
create index slot_held_by_person on slot (event_id, person_id) where state = 'granted';
