import { accountCalls, currencyCalls } from '../contracts/account/calls.ts';
import { auditCalls } from '../contracts/auth/audit.ts';
import { authCalls, type Person } from '../contracts/auth/calls.ts';
import { accountRecordCalls } from '../contracts/records.ts';
import { currencySpec, demoSpec, digitsSpec } from '../platform/config.ts';
import { createSessions } from '../platform/http/sessions.ts';
import { internalUrl, runService } from '../platform/process/service-program.ts';
import { answerCalls } from '../platform/rpc/server.ts';
import { createAccount } from './service.ts';

await runService({
  name: 'account',
  port: 8083,
  internalPort: 9083,
  env: {
    AUTH_URL: internalUrl('http://127.0.0.1:9081'),
    DEMO: demoSpec(process.env),
    CURRENCY: currencySpec,
    CURRENCY_DIGITS: digitsSpec,
  },
  async open({ env, database, world, log, ask }) {
    const auditLog = ask(auditCalls, env.AUTH_URL);
    const people = ask(authCalls, env.AUTH_URL);
    const currency = { currency: env.CURRENCY, digits: env.CURRENCY_DIGITS };
    const service = await createAccount({ database, world, log, demo: env.DEMO, auditLog, people, currency });
    const sessions = createSessions<Person>(world, people.resolve);
    return {
      public: (server) => service.routes(server, sessions),
      internal(server) {
        answerCalls(server, accountCalls, service.account);
        answerCalls(server, currencyCalls, service);
        answerCalls(server, accountRecordCalls, service.records);
      },
      start: () => service.start(),
      stop: () => service.stop(),
    };
  },
});
