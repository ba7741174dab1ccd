import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { chmodSync, copyFileSync, existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { type Backend, backends } from '../../contracts/services.ts';
import { freePort } from '../support/databases/postgres.ts';
import { root } from '../support/sources.ts';

/** The nginx program. Debian installs it in a folder that is only on root's PATH. */
const program = existsSync('/usr/sbin/nginx') ? '/usr/sbin/nginx' : 'nginx';

/** For `skip` of node:test: the reason when nginx cannot run, else `false`. */
export const nginxMissing: string | false =
  spawnSync(program, ['-v']).error !== undefined && 'nginx: skipped, because it is not installed';

/** The replicas of each service, as `host:port`. */
export type Upstreams = Readonly<Record<Backend, readonly string[]>>;

/** The routing files of deploy/nginx/. */
export type Ways = 'routes.conf' | 'auth-request.conf';

/** A test nginx that uses a routing file of deploy/nginx/. */
export class Nginx {
  readonly address: string;
  readonly #folder: string;
  readonly #process: ChildProcess;

  private constructor(address: string, folder: string, process: ChildProcess) {
    this.address = address;
    this.#folder = folder;
    this.#process = process;
  }

  static async start(ways: Ways, upstreams: Upstreams): Promise<Nginx> {
    const folder = mkdtempSync(join(tmpdir(), 'startlist-nginx-'));
    // The workers of nginx run unprivileged and need access to the folder.
    chmodSync(folder, 0o755);
    for (const name of [ways, 'proxy.conf', 'headers.conf'])
      copyFileSync(join(root, 'deploy/nginx', name), join(folder, name));
    const port = await freePort();
    writeFileSync(join(folder, 'nginx.conf'), mainConfiguration(ways, port));
    writeFileSync(join(folder, 'upstreams.conf'), upstreamsOf(upstreams));
    const args = ['-p', folder, '-c', join(folder, 'nginx.conf'), '-e', join(folder, 'error.log')];
    const child = spawn(program, args, { stdio: 'ignore' });
    process.on('exit', () => child.kill('SIGKILL'));
    const nginx = new Nginx(`http://127.0.0.1:${port}`, folder, child);
    for (let step = 0; step < 100; step += 1) {
      if (
        await fetch(nginx.address).then(
          () => true,
          () => false,
        )
      )
        return nginx;
      await pause(50);
    }
    throw new Error(`nginx does not answer: ${nginx.log}`);
  }

  /** The error log. */
  get log(): string {
    return readFileSync(join(this.#folder, 'error.log'), 'utf8');
  }

  /** Reloads nginx with these replicas. Running requests finish on their old replica. */
  async lead(upstreams: Upstreams): Promise<void> {
    writeFileSync(join(this.#folder, 'upstreams.conf'), upstreamsOf(upstreams));
    this.#process.kill('SIGHUP');
    // nginx does not signal when the new workers have taken over.
    await pause(300);
  }

  async stop(): Promise<void> {
    const gone = once(this.#process, 'exit');
    this.#process.kill('SIGTERM');
    await gone;
    rmSync(this.#folder, { recursive: true, force: true });
  }
}

function mainConfiguration(ways: string, port: number): string {
  const folders = ['client_body', 'proxy', 'fastcgi', 'uwsgi', 'scgi'];
  return `
daemon off;
worker_processes 1;
pid nginx.pid;
events { worker_connections 1024; }
http {
  access_log off;
  ${folders.map((name) => `${name}_temp_path ${name};`).join('\n  ')}
  include upstreams.conf;
  server {
    listen 127.0.0.1:${port};
    include ${ways};
  }
}
`;
}

function upstreamsOf(upstreams: Upstreams): string {
  const blocks = backends.map((service) => {
    const replicas = upstreams[service].map((address) => `server ${address};`).join(' ');
    return `upstream ${service} { ${replicas} keepalive 16; }`;
  });
  return `${blocks.join('\n')}\n`;
}
