-- A token sets a new password, once. It is as good as a password, so only its hash is stored.
create table password_reset (
  -- One per person: a new token replaces the previous one.
  person_id  bigint      primary key references person,
  token_hash bytea       not null unique,
  expires_at timestamptz not null
);
