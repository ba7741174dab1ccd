import { auditCalls } from '../contracts/auth/audit.ts';
import { authCalls, type Person } from '../contracts/auth/calls.ts';
import { idCalls } from '../contracts/ids.ts';
import { demoSpec, idleHoursSpec, sessionHoursSpec } from '../platform/config.ts';
import { createSessions } from '../platform/http/sessions.ts';
import { runService } from '../platform/process/service-program.ts';
import { answerCalls } from '../platform/rpc/server.ts';
import { adminPasswordSpec, createAuth, timesInHours } from './service.ts';

await runService({
  name: 'auth',
  port: 8081,
  internalPort: 9081,
  env: {
    DEMO: demoSpec(process.env),
    ADMIN_PASSWORD: adminPasswordSpec(process.env),
    SESSION_HOURS: sessionHoursSpec,
    SESSION_IDLE_HOURS: idleHoursSpec,
  },
  async open({ env, database, world, log, edge }) {
    const { DEMO: demo, ADMIN_PASSWORD: adminPassword } = env;
    const sessionTimes = timesInHours(env.SESSION_HOURS, env.SESSION_IDLE_HOURS);
    const service = await createAuth({ database, world, log, demo, adminPassword, sessionTimes, rates: edge.rates });
    const sessions = createSessions<Person>(world, service.auth.resolve);
    return {
      public: (server) => service.routes(server, sessions),
      internal(server) {
        answerCalls(server, authCalls, service.auth);
        answerCalls(server, auditCalls, service.auditLog);
        answerCalls(server, idCalls, service.ids);
      },
    };
  },
});
