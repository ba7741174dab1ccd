create table account (
  person_id bigint primary key,
  balance   bigint not null default 0,
  deposited bigint not null default 0,
  constraint never_negative   check (balance >= 0),
  constraint deposits_bounded check (deposited between 0 and 9007199254740991)
)
-- Balances change often: part of each page is left free for new row versions (HOT updates).
with (fillfactor = 70);

-- The ledger: every movement of money. Rows are never changed. The kind of a transfer determines its two sides (see
-- the view posting).
create table transfer (
  id         bigint generated always as identity primary key,
  kind       text        not null check (kind in ('deposit', 'payment', 'refund')),
  person_id  bigint      not null,
  event_id   bigint,
  booking_id bigint,
  amount     bigint      not null check (amount > 0),
  made_at    timestamptz not null,
  constraint deposit_has_no_booking check ((kind = 'deposit') = (event_id is null and booking_id is null))
);

create index transfer_of_person on transfer (person_id, id);

-- Both sides of every transfer. Their sum is zero.
create view posting as
select id as transfer_id, 'person' as party, person_id as party_id,
       case kind when 'payment' then -amount else amount end as amount
  from transfer
union all
select id, case kind when 'deposit' then 'cash' else 'event' end, event_id,
       case kind when 'payment' then amount else -amount end
  from transfer;

-- The recorded reply to each payment, and a mark for each booking that was refunded before its payment arrived.
create table payment (
  booking_id bigint      primary key,
  event_id   bigint      not null,
  person_id  bigint      not null,
  state      text        not null check (state in ('paid', 'refused', 'refunded', 'undone')),
  amount     bigint,
  reason     text,
  decided_at timestamptz not null,
  constraint undone_has_no_amount check ((amount is null) = (state = 'undone')),
  constraint refused_with_reason  check ((reason is not null) = (state = 'refused'))
);
