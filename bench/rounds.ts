import { progress } from './report/progress.ts';
import type { Sample } from './results.ts';
import type { BenchContext, Row } from './rows/row.ts';
import { type Contender, takeTurn } from './turn.ts';
import { type Effort, type PlainName, type Workload, workloads } from './workloads.ts';

/** The warm-up before the first turn of a measured system, in seconds: enough for its code to be compiled. */
const warmUpSeconds = 3;

export interface Rounds {
  readonly rounds: number;
  readonly effort: Effort;
}

export function grouped(names: readonly PlainName[]): PlainName[][] {
  return [...Map.groupBy(names, (name) => workloads[name].group).values()];
}

/**
 * Runs the workloads of a group on the measured systems. All systems are open at once and idle outside their turns. In
 * each round every system runs its workloads one after another, so that other load on the machine affects all alike.
 */
export async function runRounds(
  context: BenchContext,
  names: readonly PlainName[],
  rows: readonly Row[],
  { rounds, effort }: Rounds,
): Promise<Sample[]> {
  const group = names.map((name): readonly [PlainName, Workload] => [name, workloads[name]]);
  const contenders = await openAll(
    context,
    group.map(([, workload]) => workload),
    rows,
  );
  const samples: Sample[] = [];
  const turns = contenders.flatMap((contender) =>
    group.filter(([, { rows }]) => rows.includes(contender.row)).map((turn) => [contender, ...turn] as const),
  );
  try {
    for (const [contender, , workload] of turns) {
      progress(`${workload.title} · ${contender.title}: warming up`);
      await workload.run(contender.target, { ...effortOf(contender, effort), seconds: warmUpSeconds });
    }
    for (let round = 1; round <= rounds; round += 1) {
      for (const [contender, name, workload] of turns) {
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

/** Opens the measured systems that can run on this machine and that the group needs. */
async function openAll(context: BenchContext, group: readonly Workload[], rows: readonly Row[]): Promise<Contender[]> {
  const [first] = group;
  if (group.some((workload) => workload.setting !== first?.setting)) {
    throw new Error('workloads of one group must have the same setting');
  }
  const contenders: Contender[] = [];
  try {
    for (const row of rows) {
      const workload = group.find(({ rows }) => rows.includes(row.name));
      if (row.missing !== undefined || workload === undefined) continue;
      progress(`${row.title}: starting`);
      const target = await row.open(context, workload.setting);
      contenders.push({ row: row.name, title: row.title, target, connections: row.connections });
    }
    return contenders;
  } catch (error) {
    for (const { target } of contenders) await target.close().catch(() => {});
    throw error;
  }
}
