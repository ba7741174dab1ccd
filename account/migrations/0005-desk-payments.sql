-- A payment for a booking whose money was taken at a desk: the reference of the receipt, and who took it. The money
-- comes in as a credit and is spent in one transaction; a refund goes back to the desk the same way.
alter table payment
  add column desk_reference text,
  add column desk_by        bigint;

-- The booking of a credit or payout at a desk; null for those of an admin, which a repeated request gets again.
alter table voucher
  add column booking_id bigint;
