import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { openSync } from 'node:fs';
import { join } from 'node:path';
import { nodeArguments } from '../../platform/process/program.ts';

/** A program in a process of its own. */
export interface Program {
  readonly pid: number;
  /** The ports it listens on. */
  readonly ports: { readonly port: number; readonly internalPort: number };
  /** Asks something over its channel. */
  ask(message: object): Promise<object>;
  /** Ends it in an orderly way; resolves when it is gone. */
  stop(): Promise<void>;
}

export interface ProgramOptions {
  /** The folder of the program: this one's, or that of another revision. */
  readonly root: string;
  readonly path: string;
  readonly environment: Readonly<Record<string, string>>;
  /** Where its log goes. */
  readonly folder: string;
  /** Further arguments for Node, such as `--cpu-prof`. */
  readonly nodeOptions?: readonly string[];
}

const started = new Set<ChildProcess>();
process.on('exit', () => {
  for (const child of started) child.kill('SIGKILL');
});

/**
 * Starts a program as in production, and waits until it listens: it says so over its channel, or in the first lines
 * that it writes. Its log is written to a file, as it would be by whoever runs it.
 */
export async function startProgram(options: ProgramOptions): Promise<Program> {
  const { root, path, environment, folder, nodeOptions = [] } = options;
  const { PATH = '', NODE_OPTIONS = '' } = process.env;
  const log = openSync(join(folder, 'programs.log'), 'a');
  const child = spawn(process.execPath, [...nodeArguments, ...nodeOptions, join(root, path)], {
    cwd: folder,
    env: { PATH, NODE_OPTIONS, NODE_ENV: 'production', PORT: '0', INTERNAL_PORT: '0', ...environment },
    stdio: ['ignore', 'pipe', log, 'ipc'],
  });
  started.add(child);
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
    void gone.then((end) => reject(new Error(`${path} ended with ${end}: ${written}(and ${folder}/programs.log)`)));
  });
  return {
    pid: child.pid ?? 0,
    ports,
    async ask(message) {
      child.send(message);
      const [answer] = await Promise.race([
        once(child, 'message'),
        gone.then((end) => Promise.reject(new Error(`${path} ended with ${end} before it answered`))),
      ]);
      return answer as object;
    },
    async stop() {
      child.kill('SIGTERM');
      await gone;
    },
  };
}
