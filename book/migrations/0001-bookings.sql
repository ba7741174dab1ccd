create table booking (
  id            bigint generated always as identity primary key,
  person_id     bigint      not null,
  event_id      bigint      not null,
  price         bigint,
  status        smallint    not null,
  reason        text,
  -- When recovery may take this booking over. Null if and only if the booking is settled.
  due_at        timestamptz,
  -- Consecutive failures of the booking's current step, and the last error.
  attempts      integer     not null default 0,
  last_error    text,
  -- When the booking reached each state.
  occupying_at  timestamptz not null,
  paying_at     timestamptz,
  complete_at   timestamptz,
  refunding_at  timestamptz,
  releasing_at  timestamptz,
  canceled_at   timestamptz,
  constraint open_is_due         check ((due_at is not null) = (status in (1, 3, -3, -2))),
  constraint complete_has_price  check (status <> 4 or price is not null),
  constraint canceled_for_reason check (status <> -1 or reason is not null)
)
-- A booking is updated two or three times within moments: the free half of each page holds the row versions.
with (fillfactor = 50);

create index booking_of_person on booking (person_id, id);

-- This index is small, because it holds only open bookings. No index contains the status, so most transitions update no
-- index.
create index booking_due on booking (due_at) where due_at is not null;
