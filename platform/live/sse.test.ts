import assert from 'node:assert/strict';
import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { connect, type Socket } from 'node:net';
import { test } from 'node:test';
import { setTimeout as pause } from 'node:timers/promises';
import { createServer } from '../http/server.ts';
import { createLog } from '../telemetry/log.ts';
import { realWorld } from '../world.ts';
import type { EventStream } from './response-stream.ts';
import { EventStreams, eventFrame } from './sse.ts';

/** Starts a server with one streaming route. @returns the server, and the streams that it has opened. */
async function serve(limits: ConstructorParameters<typeof EventStreams>[1]) {
  const streams = new EventStreams(realWorld(), limits);
  const opened: EventStream[] = [];
  const server = createServer(createLog('silent'));
  const door = { isOpen: true, isAway: false };
  server.get('/live', (request, reply) => {
    const mayStay = async () => {
      if (door.isAway) throw new Error('auth is unavailable');
      return door.isOpen;
    };
    opened.push(streams.open(request, reply, mayStay));
    return reply;
  });
  server.addHook('preClose', async () => streams.close());
  await server.listen({ port: 0, host: '127.0.0.1' });
  const { port } = server.server.address() as AddressInfo;
  return { streams, opened, server, port, door };
}

/** Requests a stream. The socket reads nothing until a test attaches a listener or calls resume(). */
async function ask(port: number): Promise<Socket> {
  const socket = connect(port, '127.0.0.1');
  socket.on('error', () => {});
  await once(socket, 'connect');
  socket.write('GET /live HTTP/1.1\r\nhost: x\r\n\r\n');
  return socket;
}

const until = async (isSo: () => boolean) => {
  for (let left = 200; left > 0 && !isSo(); left -= 1) await pause(25);
  assert.ok(isSo());
};

/** The number of bytes that a socket buffers before it must drain. At most this and one frame wait for a viewer. */
const socketBytes = 64 * 1024;
const frame = eventFrame({ event: 'x', data: 'x'.repeat(16 * 1024) });

test('a viewer that does not read is disconnected after stuckMs, and others are not', async (t) => {
  const { streams, opened, server, port } = await serve({ stuckMs: 300 });
  t.after(() => server.close());
  const [slow, quick] = [await ask(port), await ask(port)];
  for (const each of [slow, quick]) t.after(() => each.destroy());
  slow.pause();
  let received = 0;
  quick.on('data', (bytes: Buffer) => {
    received += bytes.length;
  });
  await until(() => opened.length === 2);
  let ended = 0;
  for (const stream of opened) {
    stream.onEnd(() => {
      ended += 1;
    });
  }
  for (let sent = 0; sent < 2_000 && streams.size === 2; sent += 1) {
    for (const stream of opened) stream.send(frame);
    await pause(1);
  }
  await until(() => streams.size === 1);
  assert.equal(ended, 1);
  const before = received;
  for (const stream of opened) stream.send(frame);
  await until(() => received > before);
});

test('a viewer gets all data, and no more than the socket buffer is held in memory', async (t) => {
  const { opened, server, port } = await serve({ stuckMs: 5_000 });
  t.after(() => server.close());
  const viewer = await ask(port);
  t.after(() => viewer.destroy());
  let received = 0;
  viewer.on('data', (bytes: Buffer) => {
    received += bytes.length;
  });
  await until(() => opened.length === 1);
  const [stream] = opened;
  assert.ok(stream);
  let left = 100;
  const sendOn = () => {
    for (; left > 0 && stream.isReady; left -= 1) stream.send(frame);
  };
  stream.onReady(sendOn);
  sendOn();
  const atOnce = (100 - left) * frame.length;
  assert.ok(atOnce < socketBytes + frame.length, `${atOnce} bytes were sent in one turn`);
  stream.send(frame);
  await until(() => left === 0 && received >= 100 * frame.length);
  await pause(100);
  assert.ok(received < 101 * frame.length, 'a frame sent to a stream that is not ready is dropped');
});

test('beyond the limit a stream gets 503, until another one ends', async (t) => {
  const { streams, server, port } = await serve({ streams: 1 });
  t.after(() => server.close());
  const first = await ask(port);
  await until(() => streams.size === 1);
  const refused = await fetch(`http://127.0.0.1:${port}/live`);
  assert.equal(refused.status, 503);
  assert.equal(refused.headers.get('retry-after'), '5');
  first.destroy();
  await until(() => streams.size === 0);
  const again = await ask(port);
  t.after(() => again.destroy());
  await until(() => streams.size === 1);
});

test('an idle stream sends heartbeats, and ends when the server closes', async (t) => {
  const { server, port } = await serve({ heartbeatMs: 40 });
  const viewer = await ask(port);
  t.after(() => viewer.destroy());
  let text = '';
  let isEnded = false;
  viewer.setEncoding('utf8').on('data', (part: string) => {
    text += part;
  });
  viewer.on('end', () => {
    isEnded = true;
  });
  await until(() => text.split(': alive').length > 3);
  await server.close();
  await until(() => isEnded);
  assert.match(text, /^HTTP\/1.1 200 OK\r\n.*retry: \d+\n\n.*\r\n0\r\n\r\n$/s, 'the terminating chunk was sent');
  await assert.rejects(fetch(`http://127.0.0.1:${port}/live`));
});

test('a stream ends when its viewer loses the permission, and continues while the check fails', async (t) => {
  const { server, port, door, streams } = await serve({ checkMs: 40 });
  t.after(() => server.close());
  const viewer = await ask(port);
  t.after(() => viewer.destroy());
  viewer.resume();
  door.isAway = true;
  await pause(150);
  assert.equal(streams.size, 1);
  Object.assign(door, { isAway: false, isOpen: false });
  await until(() => streams.size === 0);
});

test('a viewer that disconnects before its stream opens does not count', async (t) => {
  const streams = new EventStreams(realWorld());
  const server = createServer(createLog('silent'));
  server.addHook('preClose', async () => streams.close());
  t.after(() => server.close());
  let isEnded = false;
  const handled = Promise.withResolvers<void>();
  server.get('/live', async (request, reply) => {
    // Simulates a session query that outlasts the connection.
    if (!reply.raw.closed) await once(reply.raw, 'close');
    streams.open(request, reply).onEnd(() => {
      isEnded = true;
    });
    handled.resolve();
    return reply;
  });
  await server.listen({ port: 0, host: '127.0.0.1' });
  const socket = await ask((server.server.address() as AddressInfo).port);
  await pause(50);
  socket.destroy();
  await handled.promise;
  assert.equal(streams.size, 0);
  assert.equal(isEnded, true);
});
