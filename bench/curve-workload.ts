import { progress } from './report/progress.ts';
import type { Sample } from './results.ts';
import type { Rounds } from './rounds.ts';
import type { BenchContext, Row, Target } from './rows/row.ts';
import { measureTurn } from './turn.ts';
import { bookAt, bookings } from './workloads.ts';

/** The offered loads, as shares of the rate at saturation. */
const shares = [0.05, 0.1, 0.25, 0.5, 0.65, 0.8, 0.9, 1];

/**
 * Measures latency against offered load. Requests arrive as a Poisson process at rising rates up to saturation. The
 * rate at saturation is measured first, with the usual number of clients.
 */
export async function runCurve(context: BenchContext, row: Row, { rounds, effort }: Rounds): Promise<Sample[]> {
  const target = await row.open(context, { people: 2_000, poor: 0, stored: 0 });
  const samples: Sample[] = [];
  try {
    await bookAt(target, { ...effort, seconds: 3 }, 1);
    const { answered, tookMs } = await bookAt(target, effort, 1);
    const saturation = (answered * 1_000) / tookMs;
    for (let round = 1; round <= rounds; round += 1) {
      for (const share of shares) {
        const perSecond = Math.round(saturation * share);
        const name = share.toFixed(2);
        const title = `${Math.round(share * 100)} % of saturation`;
        const contender = { row: name, title, target };
        const run = (of: Target) => offer(of, perSecond, effort.seconds);
        const sample = await measureTurn(context.server, 'curve', contender, run);
        samples.push({ ...sample, offered: perSecond });
        progress(`latency · ${title} · ${round} of ${rounds}: p99 ${sample.latencyMs.p99.toFixed(1)} ms`);
      }
    }
    // The records are compared only once, because the comparison takes longer with every booking.
    await target.reconcile();
  } finally {
    await target.close();
  }
  return samples;
}

async function offer(target: Target, perSecond: number, seconds: number) {
  const eventIds = await target.createEvents({ count: 1, slots: 2_000_000_000, price: 5 });
  const shots = bookings(target, eventIds, 250).flat();
  return target.drive({ kind: 'open', perSecond, seconds, shots }, eventIds);
}
