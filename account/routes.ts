import type { Person } from '../contracts/auth.ts';
import * as routes from '../contracts/routes/account.ts';
import { Forbidden } from '../kit/errors.ts';
import type { Server } from '../kit/http.ts';
import { keyOf } from '../kit/idempotency.ts';
import { route } from '../kit/route.ts';
import type { Sessions } from '../kit/session.ts';
import type { Deposits } from './deposits.ts';
import type { AccountStore } from './store.ts';

export interface AccountRoutes {
  readonly store: AccountStore;
  readonly deposits: Deposits;
  readonly sessions: Sessions<Person>;
  readonly demo: boolean;
}

/** The public routes of account: one's own balance, and nobody else's. */
export function accountRoutes(server: Server, { store, deposits, sessions, demo }: AccountRoutes): void {
  route(server, routes.getBalance, async (request) => {
    const { id } = await sessions.require(request);
    return { balance: await store.balance(id) };
  });

  route(server, routes.deposit, async (request) => {
    const { id } = await sessions.require(request);
    if (!demo) throw new Forbidden('People do not top up their own balance here.');
    return { balance: await deposits.make(id, request.body.delta, keyOf(request, id)) };
  });
}
