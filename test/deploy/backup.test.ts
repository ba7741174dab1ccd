import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { describe, test } from 'node:test';
import { services } from '../../contracts/services.ts';
import { readSources } from '../support/sources.ts';
import { assemble, type Document, findInvalid, kustomizeMissing } from './kubernetes.ts';

const store = 'ObjectStore';

describe('production with backups', { skip: kustomizeMissing }, () => {
  const documents = kustomizeMissing === false ? assemble('deploy/overlays/backup') : [];
  const all = (kind: string) => documents.filter((document) => document.kind === kind);

  test('each document is valid by the types of Kubernetes and CloudNativePG', async () => {
    // The backup plugin publishes no types for its own kind of document, so that one is not validated.
    assert.equal(all(store).length, 1);
    assert.deepEqual(await findInvalid(documents.filter(({ kind }) => kind !== store)), []);
  });

  test('every database archives its WAL to the store, and has a daily backup at its own time', () => {
    const [{ metadata } = { metadata: { name: '' } }] = all(store);
    const clusters = all('Cluster');
    assert.deepEqual(
      clusters.map(({ metadata: { name } }) => name).sort(),
      services.map((name) => `${name}-database`).sort(),
    );
    for (const { spec } of clusters) {
      const [plugin] = spec.plugins;
      assert.deepEqual([plugin.isWALArchiver, plugin.parameters.barmanObjectName], [true, metadata.name]);
      for (const { spec: copy } of all('ScheduledBackup')) assert.equal(copy.pluginConfiguration.name, plugin.name);
    }
    const copied = all('ScheduledBackup').map(({ spec }) => spec.cluster.name);
    assert.deepEqual(copied.sort(), clusters.map(({ metadata: { name } }) => name).sort());
    assert.equal(new Set(all('ScheduledBackup').map(({ spec }) => spec.schedule)).size, services.length);
  });

  const noJq = spawnSync('jq', ['--version']).error ? 'jq: skipped, because it is not installed' : false;
  test('the restore command in docs/operations.md turns a running cluster into a valid restored one', {
    skip: noJq,
  }, async () => {
    const text = readSources('docs/operations.md').get('docs/operations.md') ?? '';
    const [, at = '', program = ''] = /jq --arg at '(\S+)' '([^']+)'/.exec(text) ?? [];
    const running = all('Cluster').find(({ metadata }) => metadata.name === 'book-database') as Document;
    const input = JSON.stringify({ ...running, status: { phase: 'healthy' } });
    const restored = (given: string): Document => {
      const { stdout, stderr } = spawnSync('jq', ['--arg', 'at', at, program], { input: given, encoding: 'utf8' });
      assert.equal(stderr, '');
      return JSON.parse(stdout);
    };
    const once = restored(input);
    assert.deepEqual(await findInvalid([once]), []);
    const [outside] = once.spec.externalClusters;
    assert.equal(once.spec.bootstrap.recovery.source, outside.name);
    assert.equal(once.spec.bootstrap.recovery.recoveryTarget.targetTime, at);
    assert.equal(outside.plugin.parameters.serverName, 'book-database');
    // A restored cluster archives under a new name, and the next restore reads from that name.
    const { serverName } = once.spec.plugins[0].parameters;
    assert.match(serverName, /^book-database-\d+$/);
    assert.equal(restored(JSON.stringify(once)).spec.externalClusters[0].plugin.parameters.serverName, serverName);
  });
});
