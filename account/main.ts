import { accountCalls } from '../contracts/account.ts';
import { authCalls, type Person } from '../contracts/auth.ts';
import { accountRecordCalls } from '../contracts/records.ts';
import { trailCalls } from '../contracts/trail.ts';
import { demoSpec } from '../kit/config.ts';
import { answerCalls } from '../kit/internal.ts';
import { internalUrl, runService } from '../kit/service.ts';
import { createSessions } from '../kit/session.ts';
import { createAccount } from './service.ts';

await runService({
  name: 'account',
  port: 8083,
  internalPort: 9083,
  env: { AUTH_URL: internalUrl('http://127.0.0.1:9081'), DEMO: demoSpec(process.env) },
  async open({ env, database, world, log, ask }) {
    const trail = ask(trailCalls, env.AUTH_URL);
    const service = await createAccount({ database, world, log, demo: env.DEMO, trail });
    const sessions = createSessions<Person>(world, ask(authCalls, env.AUTH_URL).resolveSessions);
    return {
      public: (server) => service.routes(server, sessions),
      internal(server) {
        answerCalls(server, accountCalls, service.account);
        answerCalls(server, accountRecordCalls, service.records);
      },
      start: () => service.start(),
      stop: () => service.stop(),
    };
  },
});
