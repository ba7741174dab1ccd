import { type Measured, rateOf } from './load/load.ts';
import { usageOf } from './processes.ts';
import type { Sample } from './results.ts';
import type { Target } from './rows/row.ts';
import type { BenchServer } from './server.ts';

/** A measured system that is open. */
export interface Contender {
  readonly row: string;
  readonly title: string;
  readonly target: Target;
  /** The maximum number of clients; undefined for no limit. */
  readonly connections?: number | undefined;
}

/** Runs and measures one turn, then compares the records. @throws when they do not agree: the turn is then invalid. */
export async function takeTurn(
  server: BenchServer,
  workload: string,
  contender: Contender,
  work: (target: Target) => Promise<Measured>,
): Promise<Sample> {
  const sample = await measureTurn(server, workload, contender, work);
  await contender.target.reconcile();
  return sample;
}

/** Runs and measures one turn of a system. @throws when a request failed. */
export async function measureTurn(
  server: BenchServer,
  workload: string,
  { row, title, target }: Contender,
  work: (target: Target) => Promise<Measured>,
): Promise<Sample> {
  const before = { own: usageOf(target.pids), server: usageOf(server.pids()), wal: await server.walBytes() };
  const measured = await work(target);
  const after = { own: usageOf(target.pids), server: usageOf(server.pids()), wal: await server.walBytes() };
  if (measured.failed > 0) throw new Error(`${title}, ${workload}: ${measured.failed} requests failed`);
  if (measured.answered === 0) throw new Error(`${title}, ${workload}: no request was answered`);
  const each = (from: number, to: number) => Math.max(0, to - from) / measured.answered;
  return {
    workload,
    row,
    title,
    perSecond: rateOf(measured),
    latencyMs: measured.latencyMs,
    cpuUs: {
      own: each(before.own.cpuMs, after.own.cpuMs) * 1_000,
      server: each(before.server.cpuMs, after.server.cpuMs) * 1_000,
    },
    residentBytes: after.own.residentBytes,
    walBytes: each(before.wal, after.wal),
  };
}
