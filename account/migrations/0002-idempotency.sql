-- The response to each write with an Idempotency-Key, stored in the transaction of the write and kept for 24 hours.
create table idempotency (
  person_id   bigint      not null,
  route       text        not null,
  key         text        not null,
  -- A hash of the request: the same key with a different request is refused.
  fingerprint text        not null,
  answer      text        not null,
  -- The name of the error, for a refused write.
  refusal     text,
  answered_at timestamptz not null,
  primary key (person_id, route, key)
);

create index idempotency_answered on idempotency (answered_at);
