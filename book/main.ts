import { accountCalls, currencyCalls } from '../contracts/account/calls.ts';
import { auditCalls } from '../contracts/auth/audit.ts';
import { authCalls, type Person } from '../contracts/auth/calls.ts';
import { eventsCalls } from '../contracts/events/calls.ts';
import { idCalls } from '../contracts/ids.ts';
import { accountRecordCalls, eventsRecordCalls } from '../contracts/records.ts';
import { maxOpenSpec, waitSpec } from '../platform/config.ts';
import { createSessions } from '../platform/http/sessions.ts';
import { internalUrl, runService } from '../platform/process/service-program.ts';
import { createBook } from './service.ts';

await runService({
  name: 'book',
  port: 8084,
  internalPort: 9084,
  env: {
    AUTH_URL: internalUrl('http://127.0.0.1:9081'),
    EVENTS_URL: internalUrl('http://127.0.0.1:9082'),
    ACCOUNT_URL: internalUrl('http://127.0.0.1:9083'),
    BOOK_WAIT_MS: waitSpec,
    BOOK_MAX_OPEN: maxOpenSpec,
  },
  async open({ env, database, world, log, registry, ask }) {
    const participants = { events: ask(eventsCalls, env.EVENTS_URL), account: ask(accountCalls, env.ACCOUNT_URL) };
    const records = {
      events: ask(eventsRecordCalls, env.EVENTS_URL),
      account: ask(accountRecordCalls, env.ACCOUNT_URL),
    };
    const givers = { people: ask(idCalls, env.AUTH_URL), events: ask(idCalls, env.EVENTS_URL) };
    const auditLog = ask(auditCalls, env.AUTH_URL);
    const limits = { open: env.BOOK_MAX_OPEN };
    const waitMs = env.BOOK_WAIT_MS;
    const people = ask(authCalls, env.AUTH_URL);
    const account = ask(currencyCalls, env.ACCOUNT_URL);
    const currency = () => account.currency({});
    const parts = { database, world, log, registry, participants, records, givers, people, currency, auditLog };
    const service = await createBook({ ...parts, waitMs, limits });
    const sessions = createSessions<Person>(world, people.resolve);
    return {
      public: (server) => service.routes(server, sessions),
      internal: () => {},
      start: () => service.start(),
      stop: () => service.stop(),
    };
  },
});
