-- What the audit trail has not been told yet. Written in the transaction of what was done, deleted when auth has it.
create table outbox (
  id      bigint      generated always as identity primary key,
  -- Tells a repeated delivery from another one, even after a database was restored and gives its ids anew.
  key     uuid        not null,
  at      timestamptz not null,
  message jsonb       not null
);
