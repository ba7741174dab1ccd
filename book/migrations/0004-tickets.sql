-- The ticket code is random, so that it cannot be guessed or derived from the booking's id.
alter table booking
  add column ticket_code   text,
  -- When the ticket was first checked in, and by whom.
  add column checked_in_at timestamptz,
  add column checked_in_by bigint;

create unique index booking_ticket on booking (ticket_code) where ticket_code is not null;

-- For the attendees of an event. A booking enters this index when it completes, a transition that updates indexes
-- anyway.
create index booking_of_event on booking (event_id, id) where complete_at is not null;
