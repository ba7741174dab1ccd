-- What was answered to a write with an Idempotency-Key, written in the transaction of the write, and kept for 24 hours.
create table idempotency (
  person_id   bigint      not null,
  route       text        not null,
  key         text        not null,
  -- A hash of what was asked for: the same key with another one is refused.
  fingerprint text        not null,
  answer      text        not null,
  -- The name of the failure that the write was refused with, where it was.
  refusal     text,
  answered_at timestamptz not null,
  primary key (person_id, route, key)
);

create index idempotency_answered on idempotency (answered_at);
