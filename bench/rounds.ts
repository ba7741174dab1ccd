import { progress } from './report/progress.ts';
import type { Sample } from './results.ts';
import type { BenchContext, Row } from './rows/row.ts';
import { type Contender, takeTurn } from './turn.ts';
import type { Effort, Workload } from './workloads.ts';

/** For how long a row is warmed up before its first turn, in seconds: its code is compiled by then. */
const warmUpSeconds = 3;

export interface Rounds {
  readonly rounds: number;
  readonly effort: Effort;
}

/**
 * Runs a workload on its rows: all are open at once and idle but for their turns, and take turns round by round, so
 * that what the machine does besides meets all of them alike.
 */
export async function runRounds(
  context: BenchContext,
  name: string,
  workload: Workload,
  rows: readonly Row[],
  { rounds, effort }: Rounds,
): Promise<Sample[]> {
  const contenders = await openAll(context, workload, rows);
  const samples: Sample[] = [];
  try {
    for (const contender of contenders) {
      progress(`${workload.title} · ${contender.title}: warming up`);
      await workload.run(contender.target, { ...effortOf(contender, effort), seconds: warmUpSeconds });
    }
    for (let round = 1; round <= rounds; round += 1) {
      for (const contender of contenders) {
        const run = (target: Contender['target']) => workload.run(target, effortOf(contender, effort));
        const sample = await takeTurn(context.server, name, contender, run);
        samples.push(sample);
        progress(
          `${workload.title} · ${contender.title} · ${round} of ${rounds}: ${Math.round(sample.perSecond)} a second`,
        );
      }
    }
  } finally {
    for (const { target } of contenders) await target.close();
  }
  return samples;
}

function effortOf({ connections = Number.POSITIVE_INFINITY }: Contender, effort: Effort): Effort {
  return { ...effort, connections: Math.min(connections, effort.connections) };
}

/** Opens the rows of a workload that can be run here. */
async function openAll(context: BenchContext, workload: Workload, rows: readonly Row[]): Promise<Contender[]> {
  const contenders: Contender[] = [];
  try {
    for (const row of rows) {
      if (row.missing !== undefined || !workload.rows.includes(row.name)) continue;
      progress(`${workload.title} · ${row.title}: starting`);
      const target = await row.open(context, workload.setting);
      contenders.push({ row: row.name, title: row.title, target, connections: row.connections });
    }
    return contenders;
  } catch (error) {
    for (const { target } of contenders) await target.close().catch(() => {});
    throw error;
  }
}
