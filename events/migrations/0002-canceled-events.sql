-- How many slots were taken when the event was canceled: so many are to be given back.
alter table event
  add column taken_at_cancel integer,
  add constraint canceled_from_so_many check ((taken_at_cancel is null) = (canceled_at is null));

create index event_canceled on event (id) where canceled_at is not null;

-- The slots of an event that are held, in the order of their bookings.
create index slot_held on slot (event_id, booking_id) where state = 'granted';
