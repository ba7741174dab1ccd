alter table booking
  -- The price that the buyer saw. Events refuses the booking at another price.
  add column expected_price bigint,
  -- A booking that an organizer made by hand: who made it, the guest who has no account of their own, and the reference
  -- of the payment at the desk. Its price is set from the beginning.
  add column made_by        bigint,
  add column guest_name     text,
  add column desk_reference text,
  -- When the booking was made, for one that a repair has moved back to its first state: its owner relies on the terms of
  -- that time. Null: at occupying_at.
  add column booked_at      timestamptz;
