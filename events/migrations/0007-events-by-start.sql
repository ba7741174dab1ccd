-- Finds the events to come without reading those that are over.
create index event_by_start on event (starts_at, id);
