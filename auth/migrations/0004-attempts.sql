-- How often somebody tried a password or registered, from the first time until a window ends. Keys are hashes of whom
-- it was tried on and from where: what stands here reads as nothing.
create table attempt (
  key     bytea       primary key,
  count   integer     not null check (count >= 0),
  ends_at timestamptz not null
);

create index attempt_by_end on attempt (ends_at);

-- From where each person has signed in before: their browsers and addresses, as hashes.
create table known_place (
  key     bytea       primary key,
  seen_at timestamptz not null
);

create index known_place_by_time on known_place (seen_at);
