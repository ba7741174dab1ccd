-- Credits (money from a cash desk or a payment provider) and payouts. Both constraints become wider: the existing rows
-- satisfy them, so `not valid` skips the check.
alter table transfer
  drop constraint transfer_kind_check,
  add constraint transfer_kind_check
    check (kind in ('deposit', 'credit', 'payout', 'payment', 'refund')) not valid;
alter table transfer
  drop constraint deposit_has_no_booking,
  add constraint deposit_has_no_booking
    check ((kind in ('deposit', 'credit', 'payout')) = (event_id is null and booking_id is null)) not valid;

-- The reference of each credit or payout: a receipt number, or the number that a payment provider assigned. References
-- have their own table, because another index on transfer would slow down payments, which have no reference.
create table voucher (
  reference   text   primary key,
  transfer_id bigint not null unique,
  -- The admin who made the credit or payout.
  made_by     bigint not null
);

-- The other side of a credit, deposit or payout is cash.
create or replace view posting as
select id as transfer_id, 'person' as party, person_id as party_id,
       case when kind in ('payment', 'payout') then -amount else amount end as amount
  from transfer
union all
select id, case when kind in ('payment', 'refund') then 'event' else 'cash' end, event_id,
       case when kind in ('payment', 'payout') then amount else -amount end
  from transfer;
