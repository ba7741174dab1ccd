import assert from 'node:assert/strict';
import { test } from 'node:test';
import { readEnvironment } from '../config.ts';
import { sentToken, serviceToken, tokenCheck } from './service-token.ts';

test('a token is rotated without downtime: at each step old and new services accept each other', () => {
  const steps = ['old', 'old,new', 'new,old', 'new'];
  for (let step = 1; step < steps.length; step += 1) {
    const pair = [steps[step - 1] ?? '', steps[step] ?? ''];
    for (const sender of pair) {
      for (const receiver of pair) {
        assert.ok(tokenCheck(receiver)(`Bearer ${sentToken(sender)}`), `${sender} asks ${receiver}`);
      }
    }
  }
  assert.ok(!tokenCheck('new')('Bearer old'));
});

test('other credentials are refused: parts of a token, both tokens, another scheme, an empty header, none', () => {
  const isAccepted = tokenCheck('one, two');
  assert.ok(isAccepted('Bearer one') && isAccepted('Bearer two'));
  for (const wrong of [
    'Bearer one,two',
    'Bearer one, two',
    'Bearer on',
    'Bearer ',
    'Bearer',
    'one',
    'bearer one',
    '',
  ]) {
    assert.ok(!isAccepted(wrong), wrong);
  }
  assert.ok(!isAccepted(undefined));
});

test('an empty or short token is refused at the start, and the error does not repeat it', () => {
  const secret = 'secret secret secret';
  const read = (SERVICE_TOKEN: string) => readEnvironment({ SERVICE_TOKEN }, { SERVICE_TOKEN: serviceToken() });
  for (const wrong of [
    `${secret},`,
    `,${secret}`,
    `${secret},,${secret}`,
    ' ',
    `secret\n${secret}`,
    `sécret ${secret}`,
    'x',
    'secret secret s',
    `${secret},secret`,
  ]) {
    assert.throws(
      () => read(wrong),
      (error: Error) =>
        /^SERVICE_TOKEN: must be/.test(error.message) && !/s.cret\W/.test(error.message.replace('a secret of', '')),
    );
  }
  assert.equal(read('a secret of words').SERVICE_TOKEN, 'a secret of words');
});
