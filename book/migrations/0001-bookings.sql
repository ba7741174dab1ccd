create table booking (
  id            bigint generated always as identity primary key,
  person_id     bigint      not null,
  event_id      bigint      not null,
  price         bigint,
  status        smallint    not null,
  reason        text,
  -- When anyone may take this booking up; null once it has settled, and only then.
  due_at        timestamptz,
  -- How often in a row its step failed by itself, and how it failed last.
  attempts      integer     not null default 0,
  last_error    text,
  -- When it reached each state.
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
-- A booking is rewritten twice or three times in its first moments: the free half of its page keeps those versions.
with (fillfactor = 50);

create index booking_of_person on booking (person_id, id);

-- Small, because it holds the open bookings alone; and no index mentions the status, so that most moves rewrite none.
create index booking_due on booking (due_at) where due_at is not null;
