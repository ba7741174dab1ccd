-- Audit log entries to deliver to auth: inserted in the transaction of the action, deleted after delivery.
create table outbox (
  id      bigint      generated always as identity primary key,
  -- Identifies a repeated delivery, even after a restored database assigns the same ids again.
  key     uuid        not null,
  at      timestamptz not null,
  message jsonb       not null
);
