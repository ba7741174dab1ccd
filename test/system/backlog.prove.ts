import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { connect, type Socket } from 'node:net';
import { join } from 'node:path';
import { test } from 'node:test';
import { setTimeout as pause } from 'node:timers/promises';
import type { Listening } from '../../platform/process/ipc.ts';
import { keptEnvironment } from '../support/program.ts';
import { root } from '../support/sources.ts';

const connections = 1_500;

/** The maximum length of a queue of new connections, as configured in Linux. */
function mostWaiting(): number {
  try {
    return Number(readFileSync('/proc/sys/net/core/somaxconn', 'utf8'));
  } catch {
    return 0;
  }
}

const skip = mostWaiting() <= connections && `the system lets ${mostWaiting()} connections wait (net.core.somaxconn)`;

test(`${connections} connections opened while the process is busy are not refused`, { skip }, async () => {
  const child = spawn(process.execPath, [join(root, 'web/main.ts')], {
    env: { ...keptEnvironment(), PORT: '0', LOG_LEVEL: 'warn', MAX_CONNECTIONS_PER_ADDRESS: '10000' },
    stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
  });
  const died = once(child, 'exit').then(([code]) => {
    throw new Error(`the process ended with exit code ${code}`);
  });
  died.catch(() => {});
  const sockets: Socket[] = [];
  try {
    const [{ listening }] = (await Promise.race([once(child, 'message'), died])) as [Listening];
    // A stopped process accepts no connections, like a busy event loop. Linux drops those that do not fit in the queue.
    child.kill('SIGSTOP');
    let connected = 0;
    for (let number = 0; number < connections; number += 1) {
      const socket = connect(listening.port, '127.0.0.1', () => {
        connected += 1;
      });
      sockets.push(socket.on('error', () => {}));
    }
    for (let waitedMs = 0; connected < connections && waitedMs < 10_000; waitedMs += 50) await pause(50);
    assert.equal(connected, connections);
  } finally {
    for (const socket of sockets) socket.destroy();
    child.kill('SIGCONT');
    child.kill('SIGKILL');
    await died.catch(() => {});
  }
});
