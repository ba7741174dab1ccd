-- When a sale ends, where the event's times are local, and what was promised to earlier bookings.
alter table event
  -- No slot is granted from this time on; null: from the start of the event on.
  add column sale_closes_at timestamptz,
  -- An IANA name, such as Europe/Berlin.
  add column time_zone      text,
  -- How often an organizer changed the event, and when last.
  add column revision       integer not null default 0,
  add column changed_at     timestamptz,
  -- The last change of date or place.
  add column moved_at       timestamptz,
  -- Cancellation deadlines that were replaced by worse ones: [{"replacedAt": "…", "cancelUntil": "…" or null}].
  -- They stay valid for the bookings that were made before.
  add column earlier_terms  jsonb;

-- The people who help an organizer with an event.
create table helper (
  event_id  bigint not null,
  person_id bigint not null,
  access    text   not null check (access in ('manage', 'scan')),
  added_at  timestamptz not null,
  primary key (event_id, person_id)
);

create index helper_of_person on helper (person_id, event_id);
