import { type ChildProcess, spawn } from 'node:child_process';
import type { Listening } from '../../platform/process/ipc.ts';
import { nodeArguments } from '../../platform/process/program.ts';
import type { DestinationStream, Logger } from '../../platform/telemetry/log.ts';
import type { Timer, World } from '../../platform/world.ts';
import { copyOutput, type Source } from './output.ts';

export interface ChildOptions {
  readonly source: Source;
  /** The program, a file that this Node runs. */
  readonly main: string;
  /** Its environment, asked for anew at each start. */
  readonly environment: () => Promise<NodeJS.ProcessEnv>;
  readonly world: World;
  readonly log: Logger;
  readonly output: DestinationStream;
  /** Told what it says. */
  readonly onMessage: (message: object) => void;
  /** Told that it is gone. */
  readonly onGone: () => void;
}

/** How long a process that died is left alone before it is started again, at first and at most, in milliseconds. */
const shortestPauseMs = 100;
const longestPauseMs = 5_000;

/** An exit code, a signal, or why there was no start. */
type End = number | string;

/** A process that is started again when it dies. One that dies at once again and again is left alone for longer. */
export class Child {
  readonly #options: ChildOptions;
  #process: ChildProcess | undefined;
  #gone: Promise<unknown> = Promise.resolve();
  #timer: Timer | undefined;
  #pauseMs = shortestPauseMs;
  #isEnding = false;

  constructor(options: ChildOptions) {
    this.#options = options;
  }

  async start(): Promise<void> {
    const { main, environment, log, output, source, onMessage } = this.#options;
    const env = await environment();
    if (this.#isEnding) return;
    const startedAt = this.#options.world.now();
    const child = spawn(process.execPath, [...nodeArguments, main], {
      env,
      // The channel is how it speaks to us, and how it learns that we are gone.
      stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
      // In a group of its own, or Ctrl-C would reach all at once and not in their order.
      detached: process.platform !== 'win32',
    });
    this.#process = child;
    for (const stream of [child.stdout, child.stderr]) if (stream !== null) copyOutput(stream, source, output, log);
    child.on('message', (message) => {
      if ('listening' in (message as Partial<Listening>)) this.#pauseMs = shortestPauseMs;
      onMessage(message as object);
    });
    this.#gone = new Promise<End>((resolve) => {
      child.once('exit', (code, signal) => resolve(code ?? signal ?? 'unknown'));
      // One that could not even begin has no exit.
      child.on('error', (err) => child.pid === undefined && resolve(err.message));
    }).then((end) => this.#left(end, startedAt));
    log.info({ ...source, pid: child.pid }, 'started');
  }

  send(message: object): void {
    if (this.#process?.connected) this.#process.send(message, () => {});
  }

  /** Tells it to end; resolves when it is gone, and it is not started again. */
  async stop(): Promise<void> {
    this.#end('SIGTERM');
    await this.#gone;
  }

  /** Ends it at once. */
  kill(): void {
    this.#end('SIGKILL');
  }

  #end(signal: NodeJS.Signals): void {
    this.#isEnding = true;
    this.#timer?.cancel();
    this.#process?.kill(signal);
  }

  #left(end: End, startedAt: number): void {
    const { world, log, source, onGone } = this.#options;
    this.#process = undefined;
    onGone();
    if (this.#isEnding) {
      log.info({ ...source, end }, 'ended');
      return;
    }
    const livedMs = world.now() - startedAt;
    if (livedMs > longestPauseMs) this.#pauseMs = shortestPauseMs;
    log.warn({ ...source, end, livedMs, againInMs: this.#pauseMs }, 'process died; restarting');
    this.#timer = world.later(this.#pauseMs, () => void this.start());
    this.#pauseMs = Math.min(longestPauseMs, this.#pauseMs * 2);
  }
}
