/**
 * The booking on DBOS Transact: a workflow in one process, as advised in
 * https://docs.dbos.dev/typescript/programming-guide. The booking's id is the workflow's id, so a repeated request
 * finds the same workflow. Each step is one idempotent statement, which was faster than a transaction of a DBOS
 * datasource with its own checkpoint. Workflows start directly and not through a queue, so their results need no
 * polling.
 */
import { randomInt } from 'node:crypto';
import type { AddressInfo } from 'node:net';
import { DBOS } from '@dbos-inc/dbos-sdk';
import fastify from 'fastify';
import { type Booked, canceled, complete, type Draft, Steps } from './statements.ts';

const connections = Number(process.env.PEER_CONNECTIONS ?? 20);
const steps = new Steps(process.env.DATABASE_URL ?? '', connections);

async function registration(draft: Draft): Promise<Booked> {
  await DBOS.runStep(() => steps.store(draft), { name: 'store' });
  const slot = await DBOS.runStep(() => steps.occupy(draft), { name: 'occupy' });
  if (!slot.accepted) return settle(canceled(draft, 'no_slots'));
  const isPaid = await DBOS.runStep(() => steps.pay(draft, slot.price), { name: 'pay' });
  if (isPaid) return settle(complete(draft, slot.price));
  await DBOS.runStep(() => steps.release(draft), { name: 'release' });
  return settle(canceled(draft, 'insufficient_funds'));
}

async function settle(booked: Booked): Promise<Booked> {
  await DBOS.runStep(() => steps.settle(booked), { name: 'settle' });
  return booked;
}

const register = DBOS.registerWorkflow(registration, { name: 'registration' });

DBOS.setConfig({
  name: 'startlist-bench',
  applicationVersion: '0.1.0',
  systemDatabaseUrl: process.env.SYSTEM_DATABASE_URL ?? '',
  systemDatabasePoolSize: connections,
  logLevel: 'error',
});
await DBOS.launch();

/** Returns a random id, which saves a round trip to a sequence. 48 bits make a collision unlikely. */
const newId = () => randomInt(2 ** 48 - 1) + 1;

const server = fastify();
server.post('/book/create', async (request, reply) => {
  const { event_id: eventId, person_id: personId } = request.body as { event_id: number; person_id: number };
  const draft = { bookingId: newId(), eventId, personId };
  const handle = await DBOS.startWorkflow(register, { workflowID: String(draft.bookingId) })(draft);
  return reply.code(201).send(await handle.getResult());
});
await server.listen({ host: '127.0.0.1', port: 0 });
process.once('SIGTERM', () => process.exit(0));
process.once('disconnect', () => process.exit(0));
process.send?.({ listening: { port: (server.server.address() as AddressInfo).port, internalPort: 0 } });
