import { setFlagsFromString } from 'node:v8';
import { WrongConfiguration } from '../config.ts';
import { FolderUnusable } from '../database/data-folder.ts';
import { FolderInUse } from '../database/lock.ts';
import { Unavailable } from '../errors.ts';
import type { World } from '../world.ts';
import { onSupervisorGone } from './ipc.ts';

/** A running program. */
export interface Running {
  /** Shuts down gracefully: answers waiting requests, finishes running work, closes connections. */
  stop(signal: NodeJS.Signals): Promise<void>;
}

/** The time limit of a graceful shutdown, in milliseconds. Open bookings are recovered at the next start. */
const defaultStopTimeoutMs = 10_000;

/**
 * Starts a program, and stops it at SIGINT, at SIGTERM, or when its supervisor has exited. After a failed start the
 * process exits with code 1. It writes the error to standard error: one line if the operator can fix the error,
 * otherwise the stack.
 * @param stopTimeoutMs the time limit of a graceful shutdown, in milliseconds. The program then exits with code 1.
 */
export async function runProgram(
  name: string,
  world: World,
  start: () => Promise<Running>,
  stopTimeoutMs = defaultStopTimeoutMs,
): Promise<void> {
  limitHeapGrowth();
  const hadSupervisor = process.connected;
  try {
    const running = await start();
    let isStopping = false;
    const end = async (signal: NodeJS.Signals) => {
      // A second Ctrl-C exits at once. Nothing is lost: open bookings are recovered at the next start.
      if (isStopping) process.exit(1);
      isStopping = true;
      world.later(stopTimeoutMs, () => process.exit(1));
      const failure = await running.stop(signal).catch((error: unknown) => error);
      if (failure !== undefined) console.error(`${name} failed to shut down: ${explain(failure)}`);
      process.exit(failure === undefined ? 0 : 1);
    };
    process.on('SIGINT', end);
    process.on('SIGTERM', end);
    onSupervisorGone(hadSupervisor, () => void (isStopping || end('SIGTERM')));
  } catch (error) {
    console.error(`${name} can't start: ${explain(error)}`);
    process.exit(1);
  }
}

function explain(error: unknown): string {
  if (error instanceof WrongConfiguration) return error.message;
  if (error instanceof Unavailable) return `its database does not answer: ${error.message}`;
  if (error instanceof FolderInUse) return `DATA_DIR: ${error.message} (set it to use another)`;
  if (error instanceof FolderUnusable) return `DATA_DIR: ${error.message} (set it to a folder that can be written to)`;
  const { code, port, syscall, severity, message } = error as Failure;
  if (isHostError(error as Failure))
    return `HOST: ${quoted(error as Failure)} is no address of this machine (${hosts})`;
  if (code === 'EADDRINUSE') return `port ${port} is taken (set PORT, or INTERNAL_PORT, to use another)`;
  if (code === 'EACCES' && port !== undefined) return `port ${port} is not allowed (set PORT to use another)`;
  // The messages of the system and of the database are clear enough, for example after a wrong password.
  if (syscall !== undefined || severity === 'FATAL') return message;
  return error instanceof Error ? (error.stack ?? error.message) : String(error);
}

const hosts = 'set it to 127.0.0.1 for this machine alone, to 0.0.0.0 or :: for all who can reach it';

/** Whether listening failed because the host is not an address of this machine. */
function isHostError({ code, syscall }: Failure): boolean {
  return syscall === 'getaddrinfo' || (syscall === 'listen' && ['EADDRNOTAVAIL', 'EINVAL'].includes(code ?? ''));
}

const quoted = ({ hostname, address }: Failure) => JSON.stringify(hostname ?? address);

/** Optional fields of errors of the system (`syscall`) and of the database (`severity`). */
interface Failure extends NodeJS.ErrnoException {
  readonly port?: number;
  readonly hostname?: string;
  readonly address?: string;
  readonly severity?: string;
}

/*
 * At full load, most of a process's memory is garbage that has not been collected yet. At 10,000 bookings a second, a
 * process takes 440 MB with Node's defaults, of which about 50 MB are in use. With the settings below it takes 230 MB,
 * and is 5 % slower.
 */

/**
 * The command-line arguments of Node: the size of the space for new objects, in MB. The size can't be changed after the
 * start, so package.json, the Dockerfile and all programs that start a service repeat it.
 */
export const nodeArguments: readonly string[] = ['--max-semi-space-size=16'];

/** How much the heap may grow after a full collection before the next one, in percent. */
const growingPercent = 75;

/** Limits the growth of the heap. Call this once, at the start of the program. */
export function limitHeapGrowth(): void {
  setFlagsFromString(`--heap-growing-percent=${growingPercent}`);
}

/**
 * Handles the command line of a program that takes no arguments: `--help` prints its purpose; any other argument is an
 * error with exit code 2. Call this first.
 * @param command the command line, such as `npm run pictures`.
 * @param purpose what the program does.
 */
export function takeNoArguments(command: string, purpose: string, given = process.argv.slice(2)): void {
  const [argument] = given;
  if (argument === undefined) return;
  if (argument === '--help' || argument === '-h') {
    process.stdout.write(`${purpose}\n\n  ${command}\n\nIt takes no arguments.\n`);
    process.exit(0);
  }
  console.error(`${command}: it takes no arguments, and was given ${JSON.stringify(argument)}`);
  process.exit(2);
}
