-- Money that comes in at a cash desk or from a payment provider, and money that is paid out. Both constraints allow more
-- than they did, and what stands in the table satisfied the narrower ones.
alter table transfer
  drop constraint transfer_kind_check,
  add constraint transfer_kind_check
    check (kind in ('deposit', 'credit', 'payout', 'payment', 'refund')) not valid;
alter table transfer
  drop constraint deposit_has_no_booking,
  add constraint deposit_has_no_booking
    check ((kind in ('deposit', 'credit', 'payout')) = (event_id is null and booking_id is null)) not valid;

-- What a credit or a payout was made for, once: a receipt of the cash desk, a payment's number at its provider. A table
-- of its own, because payments have no such reference, and their table has no index to spare.
create table voucher (
  reference   text   primary key,
  transfer_id bigint not null unique,
  -- The admin who made it.
  made_by     bigint not null
);

-- Cash is the other side of what is paid in and of what is paid out.
create or replace view posting as
select id as transfer_id, 'person' as party, person_id as party_id,
       case when kind in ('payment', 'payout') then -amount else amount end as amount
  from transfer
union all
select id, case when kind in ('payment', 'refund') then 'event' else 'cash' end, event_id,
       case when kind in ('payment', 'payout') then amount else -amount end
  from transfer;
