-- The windows in which password attempts and registrations are counted. A window begins with its first attempt. Keys
-- are hashes of the account and the address, so this table reveals neither.
create table attempt (
  key     bytea       primary key,
  count   integer     not null check (count >= 0),
  ends_at timestamptz not null
);

create index attempt_by_end on attempt (ends_at);

-- Hashes of the browsers and addresses from which people have signed in.
create table known_place (
  key     bytea       primary key,
  seen_at timestamptz not null
);

create index known_place_by_time on known_place (seen_at);
