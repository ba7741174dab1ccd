import { execFile, spawnSync } from 'node:child_process';
import {
  chmodSync,
  copyFileSync,
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  realpathSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';
import { findBinaries } from '../../programs/cluster/postgres-binaries.ts';
import { root } from '../support/sources.ts';

const run = promisify(execFile);

/** Images made of this machine's programs, used in place of the public base images. */
export const bases = {
  run: `localhost/startlist-base:${process.pid}`,
  build: `localhost/startlist-build-base:${process.pid}`,
} as const;
const postgresImage = `localhost/startlist-postgres:${process.pid}`;

/** A podman command failed or could not be started; the message holds its standard error. */
export class PodmanFailed extends Error {
  override name = 'PodmanFailed';
}

/** Podman with its own configuration, so that it also runs inside a container with restricted rights. */
export class Podman {
  readonly #folder = mkdtempSync(join(tmpdir(), 'startlist-podman-'));
  readonly #images = new Set<string>();

  constructor() {
    const ulimits = (['nofile', 'nproc'] as const).map((name) => `"${name}=${limitOf(name)}:${limitOf(name)}"`);
    writeFileSync(
      this.#conf,
      `[engine]\ncgroup_manager = "cgroupfs"\nruntime = "runc"\n[containers]\ndefault_ulimits = [${ulimits.join(', ')}]\n`,
    );
  }

  get #conf(): string {
    return join(this.#folder, 'containers.conf');
  }

  /** Runs podman. @returns what it wrote to standard output. @throws PodmanFailed */
  async ask(...args: string[]): Promise<string> {
    const env = { ...process.env, CONTAINERS_CONF: this.#conf };
    try {
      return (await run('podman', args, { env, cwd: root, maxBuffer: 64 * 1024 * 1024 })).stdout.trim();
    } catch (error) {
      const { stderr = '', message } = error as { stderr?: string; message: string };
      throw new PodmanFailed(`podman ${args[0]}: ${(stderr.trim() || message).slice(-2_000)}`, { cause: error });
    }
  }

  /** Makes both base images: Node.js with its libraries in an empty root; the build base also has npm and a shell. */
  async makeBases(): Promise<void> {
    const node = realpathSync(process.execPath);
    await this.#import(bases.run, (folder) => addProgram(folder, node, '/nodejs/bin/node'));
    await this.#import(bases.build, (folder) => {
      addProgram(folder, node, '/usr/local/bin/node');
      for (const name of ['sh', 'env', 'rm', 'find', 'chmod', 'mkdir']) addProgram(folder, which(name), `/bin/${name}`);
      cpSync(npmFolder(), join(folder, 'usr/local/lib/npm'), { recursive: true, dereference: true });
      const npm = join(folder, 'usr/local/bin/npm');
      writeFileSync(npm, '#!/bin/sh\nexec node /usr/local/lib/npm/bin/npm-cli.js "$@"\n');
      chmodSync(npm, 0o755);
    });
  }

  /** Builds the Dockerfile of a folder on the base images. */
  async build(image: string, folder: string): Promise<void> {
    this.#images.add(image);
    const args = ['--build-arg', `BASE=${bases.run}`, '--build-arg', `BUILD_BASE=${bases.build}`];
    // In the build, npm uses the registry and the certificates that npm on this machine is configured with.
    const npmrc = join(this.#folder, 'npmrc');
    const cafile = npmConfig('cafile') ?? process.env.NODE_EXTRA_CA_CERTS;
    writeFileSync(npmrc, `registry=${npmConfig('registry')}\n${cafile ? 'cafile=/certificates.pem\n' : ''}`);
    if (cafile) args.push('--volume', `${realpathSync(cafile)}:/certificates.pem:ro`);
    args.push('--volume', `${npmrc}:/usr/local/etc/npmrc:ro`, '--network', 'host');
    await this.ask('build', '--quiet', '--format', 'docker', '--layers=false', ...args, '-t', image, folder);
  }

  /** Makes an image of this machine's PostgreSQL programs, without a cluster. */
  async makePostgres(): Promise<string> {
    const { folder: programs } = findBinaries('embedded');
    await this.#import(postgresImage, (folder) => {
      cpSync(dirname(programs), join(folder, 'postgres'), { recursive: true, verbatimSymlinks: true });
      for (const name of ['initdb', 'postgres']) addProgram(folder, join(programs, name), `/postgres/bin/${name}`);
      addProgram(folder, which('sh'), '/bin/sh');
      writeFileSync(join(folder, 'etc/passwd'), 'postgres:x:999:999::/tmp:/bin/sh\n');
    });
    return postgresImage;
  }

  /** Imports a root file system, filled by `fill`, as an image. */
  async #import(image: string, fill: (folder: string) => void): Promise<void> {
    const folder = join(this.#folder, 'root');
    mkdirSync(join(folder, 'etc'), { recursive: true });
    mkdirSync(join(folder, 'tmp'), { mode: 0o1777 });
    chmodSync(join(folder, 'tmp'), 0o1777);
    writeFileSync(join(folder, 'etc/passwd'), 'nonroot:x:65532:65532::/tmp:/sbin/nologin\n');
    fill(folder);
    const archive = join(this.#folder, 'root.tar');
    await run('tar', ['--owner=0', '--group=0', '-C', folder, '-cf', archive, '.']);
    rmSync(folder, { recursive: true });
    this.#images.add(image);
    await this.ask('import', '--quiet', archive, image);
    rmSync(archive);
  }

  /** Removes the images that were made, and the temporary folder. */
  async close(): Promise<void> {
    await this.ask('rmi', '--force', '--ignore', ...this.#images).catch(() => {});
    rmSync(this.#folder, { recursive: true, force: true });
  }
}

/** For `skip` of node:test: the reason when containers cannot run, else `false`. */
export function podmanMissing(): string | false {
  if (process.getuid?.() !== 0) return 'containers: skipped, because the tests do not run as root';
  for (const name of ['podman', 'runc', 'tar', 'npm', 'ip']) {
    if (spawnSync(name, ['--version']).error) return `containers: skipped, because ${name} is not installed`;
  }
  if (!existsSync('/usr/lib/podman/netavark')) return 'containers: skipped, because podman has no netavark';
  return false;
}

/** A resource limit for containers. To set one above the limit of this process, podman would need CAP_SYS_RESOURCE. */
function limitOf(name: 'nofile' | 'nproc'): number {
  const { stdout } = spawnSync('sh', ['-c', `ulimit -H${name === 'nofile' ? 'n' : 'p'}`], { encoding: 'utf8' });
  return Math.min(Number(stdout.trim()) || 4_096, 4_096);
}

function which(name: string): string {
  const { stdout } = spawnSync('sh', ['-c', `command -v ${name}`], { encoding: 'utf8' });
  return realpathSync(stdout.trim());
}

/** The folder of the npm that runs this process, or otherwise of the npm on the PATH. */
function npmFolder(): string {
  const cli = process.env.npm_execpath ?? which('npm');
  return dirname(dirname(realpathSync(cli)));
}

function npmConfig(name: string): string | undefined {
  const value = spawnSync('npm', ['config', 'get', name], { encoding: 'utf8' }).stdout.trim();
  return value === '' || value === 'null' ? undefined : value;
}

/** Copies a program and its linked libraries to the paths where it expects them. */
function addProgram(folder: string, from: string, to: string): void {
  const { stdout } = spawnSync('ldd', [from], { encoding: 'utf8' });
  const linked = [...stdout.matchAll(/(?:=> |^\s)(\/\S+)/gm)].map(([, path = '']) => path);
  // librt is a part of glibc that native bindings link to, although Node.js does not.
  const rest = linked.filter((path) => path.endsWith('/libc.so.6')).map((path) => join(dirname(path), 'librt.so.1'));
  const libraries = [...linked, ...rest.filter((path) => existsSync(path))];
  for (const [source, target] of [[from, to], ...libraries.map((path) => [path, path])] as [string, string][]) {
    mkdirSync(dirname(join(folder, target)), { recursive: true });
    copyFileSync(realpathSync(source), join(folder, target));
  }
}
