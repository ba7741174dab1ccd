-- Drawn when a booking is complete: random, so that nobody gets in by guessing, and no booking's id tells it.
alter table booking
  add column ticket_code   text,
  -- When its ticket was first shown at the entrance, and to whom.
  add column checked_in_at timestamptz,
  add column checked_in_by bigint;

create unique index booking_ticket on booking (ticket_code) where ticket_code is not null;

-- Who comes to an event, and since when. A booking enters it when it completes, a move that rewrites indexes anyhow.
create index booking_of_event on booking (event_id, id) where complete_at is not null;
