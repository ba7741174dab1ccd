import { progress } from './report/progress.ts';
import type { Sample } from './results.ts';
import type { Rounds } from './rounds.ts';
import type { BenchContext, Row, Target } from './rows/row.ts';
import { type Contender, measureTurn } from './turn.ts';
import { bookAt, type Effort } from './workloads.ts';

/**
 * Measures the hot event and the list of one person's bookings with rising numbers of stored bookings. Each number of
 * stored bookings has its own database, and the databases take turns.
 */
export async function runGrowth(
  context: BenchContext,
  row: Row,
  stored: readonly number[],
  { rounds, effort }: Rounds,
): Promise<Sample[]> {
  const contenders: Contender[] = [];
  const samples: Sample[] = [];
  try {
    for (const number of [0, ...stored]) {
      progress(`growth: storing ${number.toLocaleString('en')} bookings`);
      const target = await row.open(context, { people: 2_000, poor: 0, stored: number });
      contenders.push({ row: String(number), title: `${number.toLocaleString('en')} bookings stored`, target });
      await bookAt(target, { ...effort, seconds: 3 }, 1);
    }
    for (let round = 1; round <= rounds; round += 1) {
      for (const contender of contenders) {
        const sample = await measureTurn(context.server, 'growth', contender, (target) => bookAt(target, effort, 1));
        const read = await measureTurn(context.server, 'growth: own bookings', contender, (target) =>
          list(target, effort),
        );
        samples.push(sample, read);
        progress(`growth · ${contender.title} · ${round} of ${rounds}: ${Math.round(sample.perSecond)} a second`);
      }
    }
    // The records are compared only once, because comparing five million bookings takes minutes.
    for (const { target, title } of contenders) {
      progress(`growth · ${title}: comparing the records`);
      await target.reconcile();
    }
  } finally {
    for (const { target } of contenders) await target.close();
  }
  return samples;
}

/** One client lists the bookings of a person who has some. */
function list(target: Target, { seconds }: Effort) {
  const { headers } = target.shot(target.crowd.people[1] ?? target.crowd.admin, 1);
  const shots = [[{ method: 'GET', path: '/book/get?limit=20', headers } as const]];
  return target.drive({ kind: 'closed', connections: 1, seconds: Math.min(2, seconds), shots }, []);
}
