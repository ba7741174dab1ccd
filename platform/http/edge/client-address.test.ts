import assert from 'node:assert/strict';
import { test } from 'node:test';
import { addressBucket } from './client-address.ts';

test('IPv4 is counted by address, also when IPv4-mapped', () => {
  assert.equal(addressBucket('192.0.2.7'), '192.0.2.7');
  assert.equal(addressBucket('::ffff:192.0.2.7'), '192.0.2.7');
});

test('IPv6 is counted by /64 network, in any spelling', () => {
  const key = addressBucket('2001:db8:1:2:3:4:5:6');
  for (const same of ['2001:db8:1:2::', '2001:0DB8:0001:0002:ffff::1']) assert.equal(addressBucket(same), key);
  for (const other of ['2001:db8:1:3::', '2001:db8::1:2:3:4', '::1']) assert.notEqual(addressBucket(other), key);
  assert.equal(addressBucket('fe80::1%eth0'), addressBucket('fe80::2%eth0'));
});

test('text that is not an address is its own bucket', () => {
  assert.equal(addressBucket('unknown'), 'unknown');
});
