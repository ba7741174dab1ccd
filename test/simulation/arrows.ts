import { bookingSaga, type Status } from '../../book/saga/table.ts';
import type { BookingRow } from './tables.ts';

const { table, states } = bookingSaga;

/** The transitions of a booking, each as `occupying accepted`, or as `no arrow from … to …` if the table lacks it. */
export function arrowsOf({ passed }: Pick<BookingRow, 'passed'>): string[] {
  return passed.slice(1).map((to, index) => {
    const from = passed[index] as Status;
    const choice = (['accepted', 'refused', 'cancel'] as const).find((each) => table[from][each] === to);
    return choice === undefined ? `no arrow from ${from} to ${to}` : `${from} ${choice}`;
  });
}

/** All transitions of the table. */
export const allArrows = states.flatMap((from) =>
  (['accepted', 'refused', 'cancel'] as const)
    .filter((choice) => ![undefined, 'never'].includes(table[from][choice]))
    .map((choice) => `${from} ${choice}`),
);
