-- The audit log. No foreign keys: an entry outlives the people it names.
create table trail (
  id      bigint      generated always as identity primary key,
  at      timestamptz not null,
  -- The service of the action. Entries of other services have a key, which identifies a repeated delivery.
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

-- Append-only, even for auth itself, in case of SQL injection.
create function refuse_change() returns trigger language plpgsql as $$
begin
  raise exception 'the trail is never changed, only added to';
end
$$;

create trigger append_only before update or delete or truncate on trail
  for each statement execute function refuse_change();
