import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseAllDocuments } from 'yaml';
import { root } from '../support/sources.ts';

/** The fields that Kubernetes objects of every kind have. */
export interface Document {
  readonly apiVersion: string;
  readonly kind: string;
  readonly metadata: { readonly name: string; readonly namespace?: string; readonly labels?: Record<string, string> };
  // biome-ignore lint/suspicious/noExplicitAny: findInvalid checks its shape against the API's types.
  readonly [part: string]: any;
}

/** For `skip` of node:test: the reason when overlays cannot be built, else `false`. */
export const kustomizeMissing: string | false = findKustomize();

function findKustomize(): string | false {
  const { error, stdout } = spawnSync('kubectl', ['version', '--client', '--output=json'], { encoding: 'utf8' });
  if (error) return 'manifests: skipped, because kubectl is not installed, and npm has no kustomize';
  const version: string | undefined = JSON.parse(stdout || '{}').kustomizeVersion;
  const isUsable = version !== undefined && Number.parseInt(version.replace(/^v/, ''), 10) >= 5;
  return isUsable ? false : `manifests: skipped, because kubectl has no kustomize 5, but ${version ?? 'an older one'}`;
}

/** Runs `kubectl kustomize` on a folder. @throws with its standard error. */
export function assemble(folder: string): Document[] {
  const { status, stdout, stderr } = spawnSync('kubectl', ['kustomize', join(root, folder)], { encoding: 'utf8' });
  if (status !== 0) throw new Error(`kubectl kustomize ${folder}: ${stderr}`);
  return parseAllDocuments(stdout).map((document) => document.toJS() as Document);
}

export const overlayNames = ['local', 'production'] as const;
export type OverlayName = (typeof overlayNames)[number];

/** The objects that an overlay deploys. */
export class Overlay {
  readonly documents: readonly Document[];
  readonly name: OverlayName;

  constructor(name: OverlayName) {
    this.name = name;
    this.documents = kustomizeMissing === false ? assemble(`deploy/overlays/${name}`) : [];
  }

  all(kind: string): Document[] {
    return this.documents.filter((document) => document.kind === kind);
  }

  /** @throws when there is no such document. */
  one(kind: string, name: string): Document {
    const found = this.all(kind).find(({ metadata }) => metadata.name === name);
    if (found === undefined) throw new Error(`${this.name} has no ${kind} ${name}`);
    return found;
  }

  /** The objects with a pod template. */
  get pods(): Document[] {
    return [...this.all('Deployment'), ...this.all('StatefulSet')];
  }

  containerOf(service: string): Container {
    return this.one('Deployment', service).spec.template.spec.containers[0];
  }
}

/** An environment variable of a container: a literal value, or a key of a secret. */
export interface Variable {
  readonly name: string;
  readonly value?: string;
  readonly valueFrom?: { readonly secretKeyRef: { readonly name: string; readonly key: string } };
}

interface Container {
  readonly env: readonly Variable[];
  // biome-ignore lint/suspicious/noExplicitAny: as in Document.
  readonly [part: string]: any;
}

/** Names a document in messages. */
export const nameOf = ({ kind, metadata }: Document) => `${kind} ${metadata.name}`;

/** The packages with the types of API groups outside Kubernetes itself. */
const packages: Readonly<Record<string, string>> = {
  'postgresql.cnpg.io': '@kubernetes-models/cloudnative-pg',
  'monitoring.coreos.com': '@kubernetes-models/prometheus-operator',
  'gateway.networking.k8s.io': '@kubernetes-models/gateway-api',
};

function moduleOf({ apiVersion, kind }: Document): string {
  const [group = ''] = apiVersion.split('/');
  return `${packages[group] ?? 'kubernetes-models'}/${apiVersion}/${kind}`;
}

/** Checks objects against the types of the API. @returns wrong values, missing fields and unknown fields. */
export async function findInvalid(documents: readonly Document[]): Promise<string[]> {
  return [...(await findWrongValues(documents)), ...findUnknownFields(documents)];
}

async function findWrongValues(documents: readonly Document[]): Promise<string[]> {
  const wrong: string[] = [];
  for (const document of documents) {
    try {
      const { [document.kind]: Model } = await import(moduleOf(document));
      new Model(document).validate();
    } catch (error) {
      wrong.push(`${nameOf(document)}: ${(error as Error).message}`);
    }
  }
  return wrong;
}

/**
 * Finds unknown fields with the compiler. The validators ignore them, but TypeScript rejects an object literal with an
 * unknown field at any depth, so the documents are written to a file as literals and compiled.
 */
function findUnknownFields(documents: readonly Document[]): string[] {
  const folder = mkdtempSync(join(tmpdir(), 'startlist-types-'));
  try {
    symlinkSync(join(root, 'node_modules'), join(folder, 'node_modules'), 'junction');
    const file = join(folder, 'documents.ts');
    // One document a line: the line of a compiler error identifies the document.
    const lines = documents.map(
      (document, index) =>
        `export const d${index}: import('${moduleOf(document)}').I${document.kind} = ${JSON.stringify(document)};`,
    );
    writeFileSync(file, lines.join('\n'));
    const options = ['--noEmit', '--strict', '--skipLibCheck', '--ignoreConfig', '--types', '', '--pretty', 'false'];
    const tsc = join(root, 'node_modules/typescript/bin/tsc');
    const args = [tsc, ...options, '--module', 'nodenext', '--target', 'esnext', file];
    const { status, stdout, stderr } = spawnSync(process.execPath, args, { cwd: folder, encoding: 'utf8' });
    const complaints = [...stdout.matchAll(/documents\.ts\((\d+),\d+\): error TS\d+: (.*)/g)];
    if (status !== 0 && complaints.length === 0) throw new Error(`tsc failed: ${stdout}${stderr}`);
    return complaints.map(([, line, text]) => `${nameOf(documents[Number(line) - 1] as Document)}: ${text}`);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
