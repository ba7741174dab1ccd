create table event (
  id           bigint generated always as identity primary key,
  name         text        not null,
  price        bigint      not null check (price between 0 and 9007199254740991),
  total_slots  integer     not null check (total_slots >= 1),
  taken_slots  integer     not null default 0,
  organizer_id bigint      not null,
  created_at   timestamptz not null,
  canceled_at  timestamptz,
  constraint never_oversold check (taken_slots between 0 and total_slots)
)
-- Every batch updates the row of a popular event: half of each page is left free for new row versions (HOT updates).
with (fillfactor = 50);

-- The recorded reply to each booking that requested a slot, and a mark for each booking that was
-- released before its request arrived.
create table slot (
  booking_id bigint      primary key,
  event_id   bigint      not null,
  person_id  bigint      not null,
  state      text        not null check (state in ('granted', 'refused', 'released', 'undone')),
  price      bigint,
  reason     text,
  decided_at timestamptz not null,
  constraint granted_at_a_price  check ((price is not null) = (state in ('granted', 'released'))),
  constraint refused_with_reason check ((reason is not null) = (state = 'refused'))
);
