/**
 * The booking on Restate: three services, as https://docs.restate.dev/develop/ts/ advises, served from one process over
 * HTTP/2. Book's writes are durable steps (`ctx.run`). Each participant's write is one idempotent statement with the
 * booking's id as key. It needs no journal entry of its own, because Restate repeats the call until it succeeds.
 */
import { once } from 'node:events';
import { createServer } from 'node:http2';
import type { AddressInfo } from 'node:net';
import * as restate from '@restatedev/restate-sdk';
import { type Booked, canceled, complete, type Draft, type Slot, Steps } from './statements.ts';

const steps = new Steps(process.env.DATABASE_URL ?? '', Number(process.env.PEER_CONNECTIONS ?? 20));

const events = restate.service({
  name: 'events',
  handlers: {
    occupy: (_context: restate.Context, draft: Draft): Promise<Slot> => steps.occupy(draft),
    release: (_context: restate.Context, draft: Draft): Promise<void> => steps.release(draft),
  },
});

interface Payment {
  readonly draft: Draft;
  readonly amount: number;
}

const account = restate.service({
  name: 'account',
  handlers: {
    pay: (_context: restate.Context, { draft, amount }: Payment): Promise<boolean> => steps.pay(draft, amount),
  },
});

const book = restate.service({
  name: 'book',
  handlers: {
    async create(context: restate.Context, asked: { event_id: number; person_id: number }): Promise<Booked> {
      // The context's random numbers are the same at every retry of the handler.
      const bookingId = Math.floor(context.rand.random() * (2 ** 48 - 1)) + 1;
      const draft = { bookingId, eventId: asked.event_id, personId: asked.person_id };
      await context.run('store', () => steps.store(draft));
      const booked = await settled(context, draft);
      await context.run('settle', () => steps.settle(booked));
      return booked;
    },
  },
});

async function settled(context: restate.Context, draft: Draft): Promise<Booked> {
  const atEvents = context.serviceClient<typeof events>({ name: 'events' });
  const slot = await atEvents.occupy(draft);
  if (!slot.accepted) return canceled(draft, 'no_slots');
  const isPaid = await context.serviceClient<typeof account>({ name: 'account' }).pay({ draft, amount: slot.price });
  if (isPaid) return complete(draft, slot.price);
  await atEvents.release(draft);
  return canceled(draft, 'insufficient_funds');
}

const server = createServer(restate.createEndpointHandler({ services: [events, account, book] }));
server.listen(0, '127.0.0.1');
await once(server, 'listening');
process.once('SIGTERM', () => process.exit(0));
process.once('disconnect', () => process.exit(0));
process.send?.({ listening: { port: (server.address() as AddressInfo).port, internalPort: 0 } });
