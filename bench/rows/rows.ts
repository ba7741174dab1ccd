import { ceiling } from './ceiling.ts';
import { dbos, restate } from './peers.ts';
import type { Row } from './row.ts';
import { embedded, fourProcesses, oneProcess } from './startlist.ts';

const ofOne = oneProcess('of-one', 'Startlist in batches of one', {
  path: 'bench/rows/of-one-program.ts',
  connections: 64,
});

/** All measured systems, in the order of the table. */
export function allRows(kind: { readonly nodeOptions?: readonly string[] } = {}): Row[] {
  const one = oneProcess('one', 'Startlist, one process', kind);
  return [one, fourProcesses, embedded, ofOne, dbos, restate, ceiling];
}
