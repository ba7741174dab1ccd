import type { FastifyRequest } from 'fastify';
import * as routes from '../contracts/account/routes.ts';
import type { Currency, VoucherBody } from '../contracts/account/schemas.ts';
import type { Person } from '../contracts/auth/calls.ts';
import { Forbidden } from '../platform/errors.ts';
import { readIdempotencyKey } from '../platform/http/idempotency-key.ts';
import { linkNextPage } from '../platform/http/pagination.ts';
import { route } from '../platform/http/route.ts';
import type { Server } from '../platform/http/server.ts';
import type { Sessions } from '../platform/http/sessions.ts';
import type { CashDesk } from './cash/cash-desk.ts';
import type { VoucherDraft } from './cash/cash-store.ts';
import type { Deposits } from './cash/deposits.ts';
import { itemOf } from './cash/statement.ts';
import type { AccountStore } from './store.ts';

export interface AccountRoutes {
  readonly store: AccountStore;
  readonly deposits: Deposits;
  readonly cashDesk: CashDesk;
  readonly sessions: Sessions<Person>;
  readonly demo: boolean;
  readonly currency: Currency;
}

/** The public routes of account. People see their own account; admins see all accounts, credit them and pay out. */
export function accountRoutes(server: Server, parts: AccountRoutes): void {
  const { store, deposits, cashDesk, sessions, demo, currency } = parts;

  route(server, routes.getBalance, async (request) => {
    const personId = whose(await sessions.require(request), request.query.user_id);
    return { balance: await store.balance(personId) };
  });

  route(server, routes.getStatement, async (request, reply) => {
    const { user_id: asked, ...page } = request.query;
    const personId = whose(await sessions.require(request), asked);
    const entries = await store.statement(personId, page);
    linkNextPage(request, reply, page, entries);
    return entries.map(itemOf);
  });

  route(server, routes.getCurrency, async () => currency);

  route(server, routes.deposit, async (request) => {
    const { id } = await sessions.require(request);
    if (!demo) throw new Forbidden('Deposits are disabled. They are available only in the demo.');
    return { balance: await deposits.make(id, request.body.delta, readIdempotencyKey(request, id)) };
  });

  route(server, routes.credit, async (request, reply) => reply.code(201).send(await make('credit', request)));

  route(server, routes.payout, async (request, reply) => reply.code(201).send(await make('payout', request)));

  async function make(kind: VoucherDraft['kind'], request: FastifyRequest<{ Body: VoucherBody }>) {
    const { id, role } = await sessions.requireNow(request);
    if (role !== 'admin') throw new Forbidden('Only an admin can credit accounts or pay out.');
    const { user_id: personId, delta: amount, reference } = request.body;
    return cashDesk.make({ kind, personId, amount, reference, madeBy: id }, readIdempotencyKey(request, id));
  }
}

/** The id of the person whose account is read: the caller or, for admins, another person. @throws Forbidden */
function whose({ id, role }: Person, asked = id): number {
  if (asked === id || role === 'admin') return asked;
  throw new Forbidden('Only an admin can see other accounts.');
}
