// Makes node_modules agree with package-lock.json, and returns at once when it does: npm runs this before `start` and,
// with `--dev`, before `test`. It may be run by a Node far older than the one that Startlist needs, so it is plain
// JavaScript without a dependency; what npm runs next finds the right Node in node_modules/.bin. With `--pages` the pages
// are built as well, from here: a shell that has run one Node remembers where it was, and would not find the new one.
import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = join(dirname(fileURLToPath(import.meta.url)), '..', '..');
const nodeNeeded = 24;

const withDev = process.argv.includes('--dev');
const locked = packagesOf('package-lock.json');
// npm's own record of what it put into node_modules. It is written last, so half an installation has none.
const installed = packagesOf('node_modules/.package-lock.json');
if (locked === undefined) fail('there is no package-lock.json beside its package.json.');
if (installed === undefined || !agrees(locked, installed)) install();
checkNode();
if (process.argv.includes('--pages')) buildPages();

function packagesOf(file) {
  try {
    return JSON.parse(readFileSync(join(root, file), 'utf8')).packages;
  } catch {
    return undefined;
  }
}

/**
 * Whether each package that is needed is there as locked. An optional one may be missing where it is another system's,
 * or where it was somebody else's option: those of our own are installed when they were added since.
 */
function agrees(locked, installed) {
  const own = Object.keys(locked[''].optionalDependencies ?? {}).map((name) => `node_modules/${name}`);
  return Object.entries(locked).every(([path, wanted]) => {
    if (path === '') return true;
    const found = installed[path];
    if (found !== undefined) return found.version === wanted.version && found.integrity === wanted.integrity;
    const mayMiss = wanted.optional && (wanted.os !== undefined || !own.includes(path));
    return mayMiss || ((wanted.dev || wanted.devOptional) && !withDev);
  });
}

function install() {
  // Whoever has run the tests once keeps what they need, whatever is run next.
  const dev = withDev || Object.values(installed ?? {}).some((found) => found.dev);
  console.error(`Installing what Startlist needs (about ${dev ? 30 : 20} s) …`);
  const args = ['ci', dev ? '--include=dev' : '--omit=dev'];
  // Inside of npm the same npm is run again, by its own Node: the one in node_modules/.bin is about to be replaced.
  const { npm_execpath: npm, npm_node_execpath: node = process.execPath } = process.env;
  const stdio = ['ignore', 'ignore', 'inherit'];
  const { status, error } =
    npm !== undefined && /npm-cli\.[cm]?js$/.test(npm)
      ? spawnSync(node, [npm, ...args], { cwd: root, stdio })
      : spawnSync('npm', args, { cwd: root, stdio, shell: process.platform === 'win32' });
  if (status === 0) return;
  fail(`\`npm ${args.join(' ')}\` failed${error ? `: ${error.message}` : ', for the reason above'}.`);
}

/** What npm runs next uses the Node in node_modules/.bin if there is one, or else this one. */
function checkNode() {
  let version = process.versions.node;
  const own = ownNode();
  if (Number.parseInt(version, 10) < nodeNeeded && own !== undefined) {
    const { stdout } = spawnSync(own, ['-p', 'process.versions.node'], { encoding: 'utf8' });
    version = stdout?.trim() || version;
  }
  if (Number.parseInt(version, 10) >= nodeNeeded) return;
  fail(`it needs Node ${nodeNeeded} or newer, this is ${version}, and npm has none to install for this system.`);
}

function buildPages() {
  const { status, error } = spawnSync(ownNode() ?? process.execPath, ['web/build.ts'], {
    cwd: root,
    stdio: 'inherit',
    shell: process.platform === 'win32',
  });
  if (status !== 0) fail(`its pages could not be built${error ? `: ${error.message}` : ', for the reason above'}.`);
}

/** The Node that was installed here, where there is one. */
function ownNode() {
  const own = join(root, 'node_modules', '.bin', process.platform === 'win32' ? 'node.cmd' : 'node');
  return existsSync(own) ? own : undefined;
}

function fail(reason) {
  console.error(`Startlist can't run: ${reason}`);
  process.exit(1);
}
