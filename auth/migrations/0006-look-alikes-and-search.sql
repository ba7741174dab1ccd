-- What a login looks like, and what a search of people compares. `contracts/text` computes both; a row of an older
-- version has neither until auth fills it, at its start and before it needs them.
alter table person add column skeleton text, add column search_key text;

create index person_by_skeleton on person (skeleton);
create index person_without_keys on person (id) where search_key is null;
