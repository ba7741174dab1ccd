import { type ChildProcess, spawn } from 'node:child_process';
import type { Listening } from '../../platform/process/ipc.ts';
import { nodeArguments } from '../../platform/process/program.ts';
import type { DestinationStream, Logger } from '../../platform/telemetry/log.ts';
import type { Timer, World } from '../../platform/world.ts';
import { copyOutput, type Source } from './output.ts';

export interface ChildOptions {
  readonly source: Source;
  /** The file that Node runs. */
  readonly main: string;
  /** The child's environment, computed again at each start. */
  readonly environment: () => Promise<NodeJS.ProcessEnv>;
  readonly world: World;
  readonly log: Logger;
  readonly output: DestinationStream;
  /** Called with each IPC message from the child. */
  readonly onMessage: (message: object) => void;
  /** Called when the process has exited. */
  readonly onGone: () => void;
}

/** The first pause before a dead process is restarted, in milliseconds. */
const shortestPauseMs = 100;
/** The longest pause before a dead process is restarted, in milliseconds. */
const longestPauseMs = 5_000;

/** How a process ended: its exit code, its signal, or the reason why it did not start. */
type End = number | string;

/** A process that is restarted when it dies. The pause doubles while it keeps dying soon after its start. */
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
      // The IPC channel carries messages; when it closes, the child knows that this process is gone.
      stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
      // A separate process group: Ctrl-C must reach only the supervisor, which stops the children in order.
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
      // A process that could not be spawned emits no `exit`.
      child.on('error', (err) => child.pid === undefined && resolve(err.message));
    }).then((end) => this.#left(end, startedAt));
    log.info({ ...source, pid: child.pid }, 'started');
  }

  send(message: object): void {
    if (this.#process?.connected) this.#process.send(message, () => {});
  }

  /** Sends SIGTERM and does not restart the process. Resolves when it has exited. */
  async stop(): Promise<void> {
    this.#end('SIGTERM');
    await this.#gone;
  }

  /** Sends SIGKILL and does not restart the process. */
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
      log.info({ ...source, end }, 'process ended');
      return;
    }
    const livedMs = world.now() - startedAt;
    if (livedMs > longestPauseMs) this.#pauseMs = shortestPauseMs;
    log.warn({ ...source, end, livedMs, againInMs: this.#pauseMs }, 'process died; restarting');
    this.#timer = world.later(this.#pauseMs, () => void this.start());
    this.#pauseMs = Math.min(longestPauseMs, this.#pauseMs * 2);
  }
}
