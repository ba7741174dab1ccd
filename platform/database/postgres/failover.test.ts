import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { Unavailable } from '../../errors.ts';
import { Failover, splitHosts } from './failover.ts';

describe('a connection URI', () => {
  for (const [url, hosts] of Object.entries({
    'postgres://u:p@h1:1,h2:2/db': ['postgres://u:p@h1:1/db', 'postgres://u:p@h2:2/db'],
    'postgres://u@h1,h2:2/db?sslmode=require': [
      'postgres://u@h1:2/db?sslmode=require',
      'postgres://u@h2:2/db?sslmode=require',
    ],
    'postgresql://h1,h2/db?target_session_attrs=read-write': ['postgresql://h1/db', 'postgresql://h2/db'],
    'postgres://h/db?target_session_attrs=primary&application_name=x': ['postgres://h/db?application_name=x'],
    'postgres://u:p,q@h/db': ['postgres://u:p,q@h/db'],
    'postgres://h/db': ['postgres://h/db'],
  })) {
    test(`${url} names ${hosts.length} hosts`, () => assert.deepEqual(splitHosts(url), hosts));
  }
});

describe('the primary', () => {
  test('is tried first; when it fails, the next host is tried', async () => {
    const asked: string[] = [];
    let writable = 'b';
    const primary = new Failover(['a', 'b', 'c']);
    const connect = async (server: string) => {
      asked.push(server);
      if (server !== writable) throw new Error(`${server} takes no writes`);
      return server;
    };
    assert.equal(await primary.connect(connect), 'b');
    assert.equal(await primary.connect(connect), 'b');
    writable = 'a';
    assert.equal(await primary.connect(connect), 'a');
    assert.deepEqual(asked, ['a', 'b', 'b', 'b', 'c', 'a']);
  });

  test('missing on all hosts: the connection is Unavailable, with the cause', async () => {
    const primary = new Failover(['a', 'b']);
    const connect = async (server: string) => {
      throw new Error(`${server} is down`);
    };
    await assert.rejects(primary.connect(connect), (error: Unavailable) => {
      return error instanceof Unavailable && /b is down/.test(error.message);
    });
  });
});
