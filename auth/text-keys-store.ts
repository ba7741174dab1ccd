import { skeleton } from '../contracts/text/look-alikes.ts';
import { searchKey } from '../contracts/text/search.ts';
import { columns, type Database, type Sql } from '../platform/database/database.ts';
import { schema } from './schema.ts';

/** What the keys of a person are computed from. */
export interface PersonTexts {
  readonly login: string;
  readonly email: string;
  readonly firstName: string;
  readonly lastName: string;
}

export const skeletonOf = ({ login }: PersonTexts): string => skeleton(login);
export const searchKeyOf = ({ login, firstName, lastName, email }: PersonTexts): string =>
  searchKey(`${login} ${firstName} ${lastName} ${email}`);

const batchSize = 1_000;

const selectAnyWithoutKeys = `
select id
from   ${schema}.person
where  search_key is null
limit  1`;

// Locked in id order, so that two processes that fill at once do not deadlock: the second waits, and then finds these
// rows filled.
const lockWithoutKeys = `
select id, login, email, first_name as "firstName", last_name as "lastName"
from   ${schema}.person
where  search_key is null
order  by id
limit  $1
for    no key update`;

const updateKeys = `
update ${schema}.person
set    skeleton = keys.skeleton, search_key = keys.search_key
from   unnest($1::bigint[], $2::text[], $3::text[]) as keys (id, skeleton, search_key)
where  person.id = keys.id
and    person.search_key is null`;

/** Computes the keys of people whose rows have none, in batches. Without such rows it costs one look at an index. */
export async function fillTextKeys(database: Database): Promise<void> {
  while ((await database.query(selectAnyWithoutKeys)).length > 0) await database.transaction(fillBatch);
}

async function fillBatch(sql: Sql): Promise<void> {
  const people = await sql.query<PersonTexts & { readonly id: number }>(lockWithoutKeys, [batchSize]);
  await sql.query(
    updateKeys,
    columns(people, ({ id }) => id, skeletonOf, searchKeyOf),
  );
}
