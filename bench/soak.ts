import { usageOf } from './processes.ts';
import { progress } from './report/progress.ts';
import type { BenchContext, Row } from './rows/row.ts';
import { bookAt, type Effort } from './workloads.ts';

const minutes = 5;
/** The allowed growth of memory from the second to the last minute, as a share. The first minute is the warm-up. */
const mayGrow = 0.1;

/**
 * Runs five minutes of full load on one measured system, and records its memory each minute.
 * @throws when memory keeps growing or the records do not agree.
 */
export async function soak(context: BenchContext, row: Row, effort: Effort): Promise<string> {
  const target = await row.open(context, { people: 2_000, poor: 0, stored: 0 });
  const lines: string[] = [];
  const resident: number[] = [];
  try {
    for (let minute = 1; minute <= minutes; minute += 1) {
      progress(`minute ${minute} of ${minutes}`);
      const { answered, failed } = await bookAt(target, { ...effort, seconds: 60 }, 1);
      if (failed > 0) throw new Error(`${failed} requests failed`);
      const megabytes = usageOf(target.pids).residentBytes / 2 ** 20;
      resident.push(megabytes);
      lines.push(`minute ${minute}: ${Math.round(answered / 60)} bookings a second, ${Math.round(megabytes)} MB`);
    }
    await target.reconcile();
  } finally {
    await target.close();
  }
  const [, second = 0] = resident;
  const last = resident.at(-1) ?? 0;
  if (last > second * (1 + mayGrow)) throw new Error(`memory keeps growing:\n${lines.join('\n')}`);
  return `${lines.join('\n')}\nThe records agree, and memory does not keep growing.\n`;
}
