import { posix } from 'node:path';

/** Source files: the text of each file by its path from the root. */
export type Sources = ReadonlyMap<string, string>;

interface Folder {
  /** Other folders and files that this folder may import. */
  readonly may: readonly string[];
  /** The only packages that this folder may import; left out, it may import any package. */
  readonly packages?: readonly string[];
}

const services = ['auth', 'events', 'account', 'book'];
const serviceEntries = services.map((name) => `${name}/service.ts`);
const shared = ['contracts', 'platform', 'saga'];

/**
 * What each folder may import besides itself. A file belongs to the longest path that contains it. Tests have no line:
 * they may import everything, and only tests import them (the benchmark may import test/simulation).
 */
export const folders: Readonly<Record<string, Folder>> = {
  contracts: { may: [], packages: ['typebox'] },
  platform: { may: [] },
  saga: { may: ['platform'] },
  openapi: { may: ['contracts', 'platform'] },
  'openapi/client': { may: [], packages: ['openapi-fetch'] },
  auth: { may: [...shared, 'openapi'] },
  events: { may: shared },
  account: { may: shared },
  book: { may: shared },
  web: { may: ['contracts', 'platform'] },
  'web/ui': {
    may: ['contracts', 'openapi/client'],
    packages: ['preact', 'preact-iso', '@preact/signals', 'uqr'],
  },
  'programs/start': { may: [...shared, ...serviceEntries, 'web'] },
  'programs/gateway': { may: ['contracts', 'platform'] },
  'programs/cluster': { may: ['contracts', 'platform', 'programs/gateway', 'programs/start'] },
  'programs/walk': { may: ['platform', 'programs/start', 'openapi/client'] },
  'programs/admin': { may: ['platform', ...serviceEntries] },
  'programs/reconcile': { may: ['contracts'] },
  'programs/client': { may: ['openapi', 'platform'] },
  'programs/diagrams': { may: [...shared, 'book', 'openapi'] },
  deploy: { may: [], packages: [] },
  bench: { may: [...shared, ...services, 'openapi', 'programs', 'test/simulation'] },
};

/** The files of the rules, which are pure: they decide from values, and do no I/O. */
export const rules = [
  ...['events/slots.ts', 'events/edits.ts', 'account/payments/payments.ts', 'book/saga/table.ts'],
  ...['book/bookings/ticket.ts', 'book/bookings/cancellation-rules.ts', 'book/entrance/csv.ts'],
  ...['book/reconciliation/rules.ts', 'book/reconciliation/repair-rules.ts', 'book/reconciliation/totals-rules.ts'],
  'book/reconciliation/joins.ts',
];
const ruleMay = [
  ...rules,
  'contracts',
  'saga/table.ts',
  'saga/participant',
  'platform/errors.ts',
  'platform/http/timestamps.ts',
];

/** Whether a file is a store. Stores hold SQL, and import only rules and other stores of their service. */
const isStore = (path: string) => /^(auth|events|account|book)\/.*(store|schema)\.ts$/.test(path);
const isTest = (path: string) => /^test\/|\.(test|prove|fixture)\.ts$/.test(path);
const isWithin = (path: string, place: string) => path === place || path.startsWith(`${place}/`);

function folderOf(path: string): string | undefined {
  const containing = Object.keys(folders).filter((folder) => isWithin(path, folder));
  return containing.toSorted((a, b) => b.length - a.length)[0];
}

/**
 * Finds imports that break these rules, including imports of types, and circular imports between files or between
 * sibling folders.
 * @returns a line for each: `platform/batch.ts → book/service.ts: platform may not import it`.
 */
export function findWrongArrows(sources: Sources): string[] {
  const wrong: string[] = [];
  for (const [path, text] of sources) {
    if (isTest(path)) continue;
    if (folderOf(path) === undefined) wrong.push(`${path}: test/project/arrows.ts has no line for its folder`);
    else
      for (const imported of importsIn(path, text)) {
        const law = brokenLaw(path, imported);
        if (law !== undefined) wrong.push(`${path} → ${imported.name}: ${law}`);
      }
  }
  return [...wrong, ...findCircles(fileArrows(sources), 'files'), ...findCircles(folderArrows(sources), 'folders')];
}

function brokenLaw(path: string, { name, isFile }: Import): string | undefined {
  const folder = folderOf(path) ?? '';
  const { may, packages } = folders[folder] as Folder;
  const isRule = rules.includes(path);
  if (!isFile) {
    if (isRule) return 'a rule does no I/O';
    return packages?.includes(name) === false ? `${folder} may not import this package` : undefined;
  }
  if (isTest(name) && !may.some((place) => isWithin(name, place))) return 'only tests import tests';
  if (isRule) return ruleMay.some((place) => isWithin(name, place)) ? undefined : 'a rule does no I/O';
  if (folderOf(name) === folder) {
    // Stores may import auth/credentials.ts, but only to hash tokens.
    const isLower = !isStore(path) || isStore(name) || rules.includes(name) || name === 'auth/credentials.ts';
    return isLower ? undefined : 'a store imports only rules and stores of its service';
  }
  if (may.some((place) => isWithin(name, place))) return undefined;
  if (services.includes(folder) && services.includes(folderOf(name) ?? '')) return 'services meet in contracts/';
  return `${folder} may not import it`;
}

/** An imported file, by its path from the root, or a package. */
interface Import {
  readonly name: string;
  readonly isFile: boolean;
}

const importForms = [
  // import x, { y } from 'z'; import type * as x from 'z'; export { x } from 'z'; over several lines, too.
  /^(?:import|export)\s[\w\s{},*$]*?\bfrom\s*['"]([^'"]+)['"]/gm,
  // import 'z'
  /^import\s*['"]([^'"]+)['"]/gm,
  // await import('z'), and the type import('z').X
  /\bimport\(\s*['"]([^'"]+)['"]/g,
];

/** Everything that the file at a path imports. */
export function importsIn(path: string, text: string): Import[] {
  const specifiers = importForms.flatMap((form) => [...text.matchAll(form)].map((match) => match[1] ?? ''));
  return specifiers.map((specifier) =>
    specifier.startsWith('.')
      ? { name: posix.join(posix.dirname(path), specifier), isFile: true }
      : { name: packageOf(specifier), isFile: false },
  );
}

/** `typebox/value` is part of `typebox`; a scoped name such as `@node-rs/argon2` has two parts. */
function packageOf(specifier: string): string {
  return specifier
    .split('/')
    .slice(0, specifier.startsWith('@') ? 2 : 1)
    .join('/');
}

type Arrows = ReadonlyMap<string, ReadonlySet<string>>;

function fileArrows(sources: Sources): Arrows {
  const arrows = [...sources].map(([path, text]): [string, Set<string>] => {
    const names = importsIn(path, text).map(({ name }) => name);
    return [path, new Set(names.filter((name) => sources.has(name)))];
  });
  return new Map(arrows);
}

/** Imports between sibling folders: `auth/sign-in → auth/sessions`. A folder may import from its own subfolders. */
function folderArrows(sources: Sources): Arrows {
  const arrows = new Map<string, Set<string>>();
  for (const [path, imported] of fileArrows(sources)) {
    if (isTest(path)) continue;
    for (const name of imported) {
      const [from, to] = [path.split('/'), name.split('/')];
      const depth = from.findIndex((part, at) => part !== to[at]);
      // One of the two is a file directly in the folder that contains both.
      if (depth >= from.length - 1 || depth >= to.length - 1) continue;
      const folder = from.slice(0, depth + 1).join('/');
      arrows.set(folder, (arrows.get(folder) ?? new Set()).add(to.slice(0, depth + 1).join('/')));
    }
  }
  return arrows;
}

/** Describes each circle once, beginning with the file or folder that was visited first. */
function findCircles(arrows: Arrows, what: 'files' | 'folders'): string[] {
  const circles: string[] = [];
  const done = new Set<string>();
  const way: string[] = [];
  const visit = (node: string): void => {
    if (way.includes(node)) {
      circles.push(`${[...way.slice(way.indexOf(node)), node].join(' → ')}: ${what} import each other in a circle`);
    }
    if (way.includes(node) || done.has(node)) return;
    way.push(node);
    for (const next of arrows.get(node) ?? []) visit(next);
    way.pop();
    done.add(node);
  };
  for (const node of arrows.keys()) visit(node);
  return circles;
}
