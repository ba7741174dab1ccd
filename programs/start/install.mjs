// Installs packages when node_modules does not match package-lock.json. npm runs this before `start`, `services` and
// `test` (with `--dev`). It must run on much older versions of Node, so it is plain JavaScript without dependencies; the
// next npm script finds the right Node in node_modules/.bin. `--pages` also builds the pages. The new Node is then
// started by its path, because the shell has cached the path of the old one.
//
// Before all other npm scripts it installs nothing: with `--check` it asks for `npm ci` when packages are missing, with
// `--check-dev` also when development packages are. `node --import` passes these options as a query
// (`install.mjs?check`): that takes 10 ms and no extra process.
import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = join(dirname(fileURLToPath(import.meta.url)), '..', '..');
const nodeNeeded = 24;

const { search } = new URL(import.meta.url);
const options = search === '' ? process.argv.slice(2) : [`--${search.slice(1)}`];
const onlyCheck = options.some((option) => option.startsWith('--check'));
const withDev = options.includes('--dev') || options.includes('--check-dev');
const locked = packagesOf('package-lock.json');
// npm writes this record last, so an interrupted installation has none.
const installed = packagesOf('node_modules/.package-lock.json');
if (locked === undefined) fail('package-lock.json is missing.');
if (installed === undefined || !agrees(locked, installed)) {
  if (onlyCheck) fail('packages are missing or out of date: run npm ci');
  install();
}
checkNode();
if (options.includes('--pages')) buildPages();

function packagesOf(file) {
  try {
    return JSON.parse(readFileSync(join(root, file), 'utf8')).packages;
  } catch {
    return undefined;
  }
}

/**
 * Whether all needed packages are installed in the locked version. An optional package may be missing if it is for
 * another platform, or if only a dependency asks for it. Startlist's own optional packages are required.
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
  // `npm start` after `npm test` keeps the development packages.
  const dev = withDev || Object.values(installed ?? {}).some((found) => found.dev);
  console.error(`Installing packages (about ${dev ? 30 : 20} s) …`);
  const args = ['ci', dev ? '--include=dev' : '--omit=dev'];
  // Under npm, reuse npm's own Node: the one in node_modules/.bin is about to be replaced.
  const { npm_execpath: npm, npm_node_execpath: node = process.execPath } = process.env;
  const stdio = ['ignore', 'ignore', 'inherit'];
  const { status, error } =
    npm !== undefined && /npm-cli\.[cm]?js$/.test(npm)
      ? spawnSync(node, [npm, ...args], { cwd: root, stdio })
      : spawnSync('npm', args, { cwd: root, stdio, shell: process.platform === 'win32' });
  if (status === 0) return;
  fail(`\`npm ${args.join(' ')}\` failed${error ? `: ${error.message}` : ', for the reason above'}.`);
}

/** Checks the Node that the next program uses: the one in node_modules/.bin, otherwise this one. */
function checkNode() {
  let version = process.versions.node;
  const own = ownNode();
  if (Number.parseInt(version, 10) < nodeNeeded && own !== undefined) {
    const { stdout } = spawnSync(own, ['-p', 'process.versions.node'], { encoding: 'utf8' });
    version = stdout?.trim() || version;
  }
  if (Number.parseInt(version, 10) >= nodeNeeded) return;
  fail(
    `Node ${nodeNeeded} or newer is required, this is ${version}, and there is no npm package of Node for this platform.`,
  );
}

function buildPages() {
  const { status, error } = spawnSync(ownNode() ?? process.execPath, ['web/build.ts'], {
    cwd: root,
    stdio: 'inherit',
    shell: process.platform === 'win32',
  });
  if (status !== 0) fail(`building the pages failed${error ? `: ${error.message}` : ', for the reason above'}.`);
}

/** The Node installed as a package, if any. */
function ownNode() {
  const own = join(root, 'node_modules', '.bin', process.platform === 'win32' ? 'node.cmd' : 'node');
  return existsSync(own) ? own : undefined;
}

function fail(reason) {
  console.error(`Startlist cannot run: ${reason}`);
  process.exit(1);
}
