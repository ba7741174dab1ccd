-- Who did what when to whom. No references: an act stands, whatever becomes of those it tells of.
create table trail (
  id      bigint      generated always as identity primary key,
  at      timestamptz not null,
  -- Where it was done; what was done elsewhere comes with a key, which tells a repeat from another one.
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

-- The trail is added to, and nothing else: not even by auth itself, should somebody get it to run SQL.
create function refuse_change() returns trigger language plpgsql as $$
begin
  raise exception 'the trail is never changed, only added to';
end
$$;

create trigger append_only before update or delete or truncate on trail
  for each statement execute function refuse_change();
