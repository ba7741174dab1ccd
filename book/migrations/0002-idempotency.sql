-- Results of requests with an Idempotency-Key, written in the transaction of the request and kept for 24 hours.
create table idempotency (
  person_id   bigint      not null,
  route       text        not null,
  key         text        not null,
  -- A hash of the request. The same key with a different request is refused.
  fingerprint text        not null,
  answer      text        not null,
  -- The name of the error, when the request was refused.
  refusal     text,
  answered_at timestamptz not null,
  primary key (person_id, route, key)
);

create index idempotency_answered on idempotency (answered_at);
