-- The audit log. No foreign keys: an entry outlives the people it names.
create table trail (
  id      bigint      generated always as identity primary key,
  at      timestamptz not null,
  -- The service in which the action happened. Entries from services other than auth have a key, by which repeated
  -- deliveries are recognized.
  service text        not null,
  key     uuid        unique,
  action  text        not null,
  by_id   bigint,
  to_id   bigint,
  details jsonb       not null
);

create index trail_by_actor on trail (by_id, id);
create index trail_by_person on trail (to_id, id) where to_id is not null;
create index trail_by_action on trail (action, id);

-- Makes the table append-only, even for auth itself, in case of an SQL injection.
create function refuse_change() returns trigger language plpgsql as $$
begin
  raise exception 'the trail is never changed, only added to';
end
$$;

create trigger append_only before update or delete or truncate on trail
  for each statement execute function refuse_change();
