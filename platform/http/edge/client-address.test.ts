import assert from 'node:assert/strict';
import { test } from 'node:test';
import { addressKey } from './client-address.ts';

test('IPv4 counts by the address, also where it is written as IPv6', () => {
  assert.equal(addressKey('192.0.2.7'), '192.0.2.7');
  assert.equal(addressKey('::ffff:192.0.2.7'), '192.0.2.7');
});

test('IPv6 counts by the network of 64 bits, however it is written', () => {
  const key = addressKey('2001:db8:1:2:3:4:5:6');
  for (const same of ['2001:db8:1:2::', '2001:0DB8:0001:0002:ffff::1']) assert.equal(addressKey(same), key);
  for (const other of ['2001:db8:1:3::', '2001:db8::1:2:3:4', '::1']) assert.notEqual(addressKey(other), key);
  assert.equal(addressKey('fe80::1%eth0'), addressKey('fe80::2%eth0'));
});

test('what is no address counts as what it says', () => {
  assert.equal(addressKey('unknown'), 'unknown');
});
