-- When the session was last used, stored every few minutes. Null until the first time, also in sessions that an older
-- version started.
alter table session add column last_used_at timestamptz;
-- The User-Agent header of the login, cut to one line.
alter table session add column user_agent text;

create index session_by_person on session (person_id);

-- An API token is as good as a password, so only its hash is stored.
create table api_token (
  id           bigint      generated always as identity primary key,
  token_hash   bytea       not null unique,
  person_id    bigint      not null references person,
  name         text        not null,
  scopes       text[]      not null,
  created_at   timestamptz not null,
  -- If null, the token is valid until it is revoked. Revoking deletes the row.
  expires_at   timestamptz,
  last_used_at timestamptz
);

create index api_token_by_person on api_token (person_id, id);
