-- By such a token its holder sets a new password, once. As good as a password, so only its hash is stored.
create table password_reset (
  -- One a person: a new one takes the place of the one before.
  person_id  bigint      primary key references person,
  token_hash bytea       not null unique,
  expires_at timestamptz not null
);
