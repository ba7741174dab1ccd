import { auditCalls } from '../contracts/auth/audit.ts';
import { authCalls, type Person } from '../contracts/auth/calls.ts';
import { eventsCalls } from '../contracts/events/calls.ts';
import { idCalls } from '../contracts/ids.ts';
import { eventsRecordCalls } from '../contracts/records.ts';
import { createSessions } from '../platform/http/sessions.ts';
import { internalUrl, runService } from '../platform/process/service-program.ts';
import { answerCalls } from '../platform/rpc/server.ts';
import { createEvents } from './service.ts';

await runService({
  name: 'events',
  port: 8082,
  internalPort: 9082,
  env: { AUTH_URL: internalUrl('http://127.0.0.1:9081') },
  async open({ env, database, world, log, ask }) {
    const people = ask(authCalls, env.AUTH_URL);
    const service = await createEvents({ database, world, log, auditLog: ask(auditCalls, env.AUTH_URL), people });
    const sessions = createSessions<Person>(world, people.resolve);
    return {
      public: (server) => service.routes(server, sessions),
      internal(server) {
        answerCalls(server, eventsCalls, service.events);
        answerCalls(server, eventsRecordCalls, service.records);
        answerCalls(server, idCalls, service.ids);
      },
      start: () => service.start(),
      stop: () => service.stop(),
    };
  },
});
