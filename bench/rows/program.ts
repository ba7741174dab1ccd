import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { openSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { nodeArguments } from '../../platform/process/program.ts';

/** A program that runs in its own process. */
export interface Program {
  readonly pid: number;
  readonly ports: { readonly port: number; readonly internalPort: number };
  /** Sends a message over IPC and waits for the answer. */
  ask(message: object): Promise<object>;
  /** Sends SIGTERM. Resolves when the process has exited. */
  stop(): Promise<void>;
}

export interface ProgramOptions {
  /** The root of the checkout. */
  readonly root: string;
  readonly path: string;
  readonly environment: Readonly<Record<string, string>>;
  /** The folder for the log. */
  readonly folder: string;
  /** Arguments for Node, such as `--cpu-prof`. */
  readonly nodeOptions?: readonly string[];
}

const started = new Set<ChildProcess>();
process.on('exit', () => {
  for (const child of started) child.kill('SIGKILL');
});

/**
 * Starts a program as in production, and waits until it reports its port over IPC or in its first lines of output. Its
 * log goes to a file.
 */
export async function startProgram(options: ProgramOptions): Promise<Program> {
  const { root, path, environment, folder, nodeOptions = [] } = options;
  const { PATH = '', NODE_OPTIONS = '' } = process.env;
  const logPath = join(folder, 'programs.log');
  const log = openSync(logPath, 'a');
  const child = spawn(process.execPath, [...nodeArguments, ...nodeOptions, join(root, path)], {
    cwd: folder,
    env: { PATH, NODE_OPTIONS, NODE_ENV: 'production', PORT: '0', INTERNAL_PORT: '0', ...environment },
    stdio: ['ignore', 'pipe', log, 'ipc'],
  });
  started.add(child);
  let isReady = false;
  const gone = once(child, 'exit').then(([code, signal]) => {
    started.delete(child);
    return code ?? signal;
  });
  const ports = await new Promise<Program['ports']>((resolve, reject) => {
    child.on('message', (message: { listening?: Program['ports'] }) => message.listening && resolve(message.listening));
    let written = '';
    child.stdout?.setEncoding('utf8').on('data', (text: string) => {
      if (written.length < 10_000) written += text;
      const [, port] = /Startlist is at http:\/\/[^/\s]*:(\d+)/.exec(written) ?? [];
      if (port !== undefined) resolve({ port: Number(port), internalPort: 0 });
    });
    void gone.then((end) => {
      if (isReady) return;
      reject(new Error(`${path} exited with ${end}: ${written}${readFileSync(logPath, 'utf8').slice(-2_000)}`));
    });
  });
  isReady = true;
  return {
    pid: child.pid ?? 0,
    ports,
    async ask(message) {
      child.send(message);
      const [answer] = await Promise.race([
        once(child, 'message'),
        gone.then((end) => Promise.reject(new Error(`${path} exited with ${end} before it answered`))),
      ]);
      return answer as object;
    },
    async stop() {
      child.kill('SIGTERM');
      await gone;
    },
  };
}
