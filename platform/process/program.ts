import { setFlagsFromString } from 'node:v8';
import { WrongConfiguration } from '../config.ts';
import { FolderUnusable } from '../database/data-folder.ts';
import { FolderInUse } from '../database/lock.ts';
import { Unavailable } from '../errors.ts';
import type { World } from '../world.ts';
import { onSupervisorGone } from './ipc.ts';

/** Something that runs until it is told to stop. */
export interface Running {
  /** Ends in an orderly way: answers those who wait, finishes what is under way, closes what is open. */
  stop(signal: NodeJS.Signals): Promise<void>;
}

/** For how long an orderly end may take, in milliseconds. What is open then is taken up at the next start. */
const usualEndWithinMs = 10_000;

/**
 * Starts a program and ends it when SIGINT or SIGTERM says so, or when the process that opened a channel to it is gone.
 * A start that fails is explained on standard error: in one line when whoever started it can mend it, with all there
 * is to know otherwise. The exit code is then 1.
 * @param endWithinMs how long an orderly end may take, in milliseconds, before the program ends as it is.
 */
export async function runProgram(
  name: string,
  world: World,
  start: () => Promise<Running>,
  endWithinMs = usualEndWithinMs,
): Promise<void> {
  keepMemorySmall();
  const hadParent = process.connected;
  try {
    const running = await start();
    let isEnding = false;
    const end = async (signal: NodeJS.Signals) => {
      // A second Ctrl-C means now. Nothing is lost by it: what is open is taken up at the next start.
      if (isEnding) process.exit(1);
      isEnding = true;
      world.later(endWithinMs, () => process.exit(1));
      const failure = await running.stop(signal).catch((error: unknown) => error);
      if (failure !== undefined) console.error(`${name} did not end in order: ${explain(failure)}`);
      process.exit(failure === undefined ? 0 : 1);
    };
    process.on('SIGINT', end);
    process.on('SIGTERM', end);
    onSupervisorGone(hadParent, () => void (isEnding || end('SIGTERM')));
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
  if (isOfHost(error as Failure)) return `HOST: ${quoted(error as Failure)} is no address of this machine (${hosts})`;
  if (code === 'EADDRINUSE') return `port ${port} is taken (set PORT, or INTERNAL_PORT, to use another)`;
  if (code === 'EACCES' && port !== undefined) return `port ${port} is not allowed (set PORT to use another)`;
  // What the system or the database refused, it says in words: a folder that is a file, a password that is wrong.
  if (syscall !== undefined || severity === 'FATAL') return message;
  return error instanceof Error ? (error.stack ?? error.message) : String(error);
}

const hosts = 'set it to 127.0.0.1 for this machine alone, to 0.0.0.0 or :: for all who can reach it';

/** Listening fails so where the address to listen on is no name of this machine, or none at all. */
function isOfHost({ code, syscall }: Failure): boolean {
  return syscall === 'getaddrinfo' || (syscall === 'listen' && ['EADDRNOTAVAIL', 'EINVAL'].includes(code ?? ''));
}

const quoted = ({ hostname, address }: Failure) => JSON.stringify(hostname ?? address);

/** What a failure may say of itself beside its message: the system's errors a call, the database's a severity. */
interface Failure extends NodeJS.ErrnoException {
  readonly port?: number;
  readonly hostname?: string;
  readonly address?: string;
  readonly severity?: string;
}

/*
 * How much memory a process takes at full load is how much garbage it lets lie. At 10,000 bookings a second Node's own
 * settings made it 440 MB, of which some 50 were in use; these make it 230, for a twentieth of the speed.
 */

/**
 * What Node is started with: the space for new objects, in MB. It can't be set later. package.json, the Dockerfile and
 * whoever starts a service say the same.
 */
export const nodeArguments: readonly string[] = ['--max-semi-space-size=16'];

/** By how much the rest may grow beyond what was in use at the last full collection before the next, in percent. */
const growingPercent = 75;

/** To be called once, at the start. */
export function keepMemorySmall(): void {
  setFlagsFromString(`--heap-growing-percent=${growingPercent}`);
}

/**
 * For a program that takes no arguments: `--help` says what it does, and whatever else is given is one clear line and
 * exit code 2. It is to be called before anything is done.
 * @param command what is typed: `npm run pictures`.
 * @param purpose what it does, in a sentence or several.
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
