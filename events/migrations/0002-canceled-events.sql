-- The number of slots that were taken when the event was canceled. All of them are released.
alter table event
  add column taken_at_cancel integer,
  add constraint canceled_from_so_many check ((taken_at_cancel is null) = (canceled_at is null));

create index event_canceled on event (id) where canceled_at is not null;

-- The granted slots of an event, in booking order.
create index slot_held on slot (event_id, booking_id) where state = 'granted';
