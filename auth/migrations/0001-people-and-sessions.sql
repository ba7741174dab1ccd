create table person (
  id            bigint      generated always as identity primary key,
  login         text        not null,
  -- The login in a form that ignores case: `Admin` and `admin` are one person.
  login_key     text        not null unique,
  email         text        not null,
  first_name    text        not null,
  last_name     text        not null,
  role          text        not null check (role in ('person', 'organizer', 'admin')),
  -- A PHC string. If it is null, no password fits.
  password_hash text,
  created_at    timestamptz not null
);

-- A session id is as good as a password, so only its hash is stored: reading this table does not let anyone sign in.
create table session (
  token_hash bytea       primary key,
  person_id  bigint      not null references person,
  created_at timestamptz not null,
  expires_at timestamptz not null
);

create index session_by_expiry on session (expires_at);
