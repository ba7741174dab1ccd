-- When a session was used last, noted every few minutes; null until then, and in those of an older version.
alter table session add column last_used_at timestamptz;
-- What signed in said of itself, cut to a line.
alter table session add column user_agent text;

create index session_by_person on session (person_id);

-- As good as a password, too: only the hash is stored.
create table api_token (
  id           bigint      generated always as identity primary key,
  token_hash   bytea       not null unique,
  person_id    bigint      not null references person,
  name         text        not null,
  scopes       text[]      not null,
  created_at   timestamptz not null,
  -- Null: until it is revoked, which deletes it.
  expires_at   timestamptz,
  last_used_at timestamptz
);

create index api_token_by_person on api_token (person_id, id);
