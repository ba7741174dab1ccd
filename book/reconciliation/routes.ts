import { Readable } from 'node:stream';
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { AuditEntry } from '../../contracts/auth/audit.ts';
import type { Person } from '../../contracts/auth/calls.ts';
import {
  progressType,
  type ReconciliationLine,
  type ReconciliationProgress,
  type ReconciliationReport,
} from '../../contracts/book/reconciliation.ts';
import * as routes from '../../contracts/book/reconciliation-routes.ts';
import { Forbidden, NotFound, Unavailable } from '../../platform/errors.ts';
import { route } from '../../platform/http/route.ts';
import type { Server } from '../../platform/http/server.ts';
import type { Sessions } from '../../platform/http/sessions.ts';
import type { World } from '../../platform/world.ts';
import type { Progress } from './compare.ts';
import type { Finding } from './rules.ts';
import type { ReconciliationRuns, Run, RunReport } from './runs.ts';

export interface ReconciliationRoutes {
  readonly runs: ReconciliationRuns;
  readonly sessions: Sessions<Person>;
  readonly world: World;
  audit(entry: AuditEntry): Promise<void>;
}

/** The interval at which progress is sent, in milliseconds. */
const everyMs = 1_000;

const finding = ({ kind, bookingId, eventId, personId, words }: Finding) => ({
  kind,
  ...(bookingId !== undefined && { booking_id: bookingId }),
  ...(eventId !== undefined && { event_id: eventId }),
  ...(personId !== undefined && { user_id: personId }),
  words,
});

const progress = ({ checked, open, found }: Progress): ReconciliationProgress => ({ checked, open, found });

const answer = (report: RunReport): ReconciliationReport => ({
  clean: report.found === 0,
  ...progress(report),
  findings: report.findings.map(finding),
  ...(report.mended && { mended: report.mended }),
  began_at: report.beganAt.toISOString(),
  took_ms: report.tookMs,
});

/**
 * Routes that compare and repair the records, for admins. A run may take minutes: a client that accepts JSON lines gets
 * progress every second.
 */
export function reconciliationRoutes(server: Server, { runs, sessions, world, audit }: ReconciliationRoutes): void {
  route(server, routes.reconcile, async (request, reply) => {
    await requireAdmin(request);
    return answerRun(request, reply, runs.run('check'));
  });

  route(server, routes.lastReconciliation, async (request) => {
    await requireAdmin(request);
    if (runs.lastReport === undefined) throw new NotFound('This process has not run a comparison since it started.');
    return answer(runs.lastReport);
  });

  route(server, routes.mend, async (request, reply) => {
    const { id } = requireRole(await sessions.requireNow(request));
    await audit({ action: 'records_mended', by: id });
    return answerRun(request, reply, runs.run('repair'));
  });

  async function requireAdmin(request: FastifyRequest): Promise<Person> {
    return requireRole(await sessions.require(request));
  }

  async function answerRun(request: FastifyRequest, reply: FastifyReply, run: Run) {
    if (!request.headers.accept?.includes(progressType)) return answer(await run.report);
    return reply.type(progressType).send(Readable.from(lines(request, run)));
  }

  async function* lines(request: FastifyRequest, run: Run): AsyncGenerator<string> {
    const end = ending(run, request);
    for (;;) {
      const line = await soon(end, run);
      yield `${JSON.stringify(line)}\n`;
      if (line.state !== 'running') return;
    }
  }

  /** The last line of a run. It also reports a failure, because the status was sent with the first line. */
  function ending(run: Run, request: FastifyRequest): Promise<ReconciliationLine> {
    return run.report.then(
      (report) => ({ state: 'done', report: answer(report) }),
      (err) => {
        request.log.error({ err }, 'reconciliation failed');
        const detail = err instanceof Unavailable ? err.message : 'internal error; see the log';
        return { state: 'failed', detail };
      },
    );
  }

  /** Resolves with the last line if it arrives within a second, otherwise with the progress. */
  function soon(end: Promise<ReconciliationLine>, run: Run): Promise<ReconciliationLine> {
    return new Promise((resolve) => {
      const timer = world.later(everyMs, () => resolve({ state: 'running', progress: progress(run.progress) }));
      void end.then((line) => {
        timer.cancel();
        resolve(line);
      });
    });
  }
}

function requireRole(person: Person): Person {
  if (person.role !== 'admin') throw new Forbidden('Only an admin can compare or repair records.');
  return person;
}
