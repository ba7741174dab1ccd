-- Reset tokens: each sets a new password once. A token is as good as a password, so only its hash is stored.
create table password_reset (
  -- A person has at most one token: a new one replaces the previous one.
  person_id  bigint      primary key references person,
  token_hash bytea       not null unique,
  expires_at timestamptz not null
);
