import assert from 'node:assert/strict';
import { test } from 'node:test';
import { eachDatabase } from '../../test/support/databases/databases.ts';
import { type TestAuth, withAuth } from '../auth.fixture.ts';

eachDatabase((_kind, open) => {
  const auth = withAuth(open);
  lookAlikes(auth);
  names(auth);
});

function register(auth: TestAuth, login: string, more: object = {}) {
  const body = { login, password: 'a password of theirs', email: '', first_name: '', last_name: '', ...more };
  return auth.ask('POST', '/register', {}, body);
}

async function assertRefused(auth: TestAuth, login: string, reason: string) {
  const answer = await register(auth, login);
  assert.equal(answer.statusCode, 409, `${login}: ${answer.body}`);
  const { field, reason: given } = answer.json();
  assert.deepEqual([field, given], ['login', reason], login);
}

const registered = async (auth: TestAuth, login: string) =>
  assert.equal((await register(auth, login)).statusCode, 201, login);

function lookAlikes(auth: TestAuth): void {
  test('a login that mixes alphabets is refused', async () => {
    for (const login of ['аdmin', 'αdmin', 'admiո', 'user_Ж', 'ива\u{1d427}']) {
      await assertRefused(auth, login, 'login_mixes_alphabets');
    }
    for (const login of ['иван', 'Νίκος', 'tanaka田中', '日本 語']) await registered(auth, login);
  });

  test('a login that reads like another one is refused, in both directions', async () => {
    await registered(auth, 'coco');
    for (const login of ['сосо', 'СОСО', 'ϲοϲο', 'ᴄᴏᴄᴏ']) await assertRefused(auth, login, 'login_looks_taken');
    for (const login of ['COCO', 'ｃｏｃｏ', ' coco ']) await assertRefused(auth, login, 'login_taken');
    for (const login of ['ADMİN', 'admın', 'admi\u0307n', 'admin\ufe0f']) {
      await assertRefused(auth, login, 'login_looks_taken');
    }
    await registered(auth, 'ВОВ');
    await assertRefused(auth, 'bob', 'login_looks_taken');
    await registered(auth, 'user1');
    for (const login of ['userl', 'user2', 'ivan']) await registered(auth, login);
  });

  test('a capital I beside small letters is taken for an l, and for an i', async () => {
    await registered(auth, 'alice');
    for (const login of ['aIice', 'АӀісе']) await assertRefused(auth, login, 'login_looks_taken');
    await registered(auth, 'Ilya');
    await assertRefused(auth, 'llya', 'login_looks_taken');
    for (const login of ['ILYA', 'ilya']) await assertRefused(auth, login, 'login_taken');
    await registered(auth, 'ico');
    await assertRefused(auth, 'Ісо', 'login_looks_taken');
    for (const login of ['IGOR', 'Inga']) await registered(auth, login);
  });

  test('of many concurrent registrations that look alike, one succeeds', async () => {
    const logins = ['peace', 'реасе', 'РЕАСЕ', 'Peace', 'PEACE', 'ᴘᴇᴀᴄᴇ', 'ꓑꓰꓮꓚꓰ', 'рeace'];
    const answers = await Promise.all(logins.map((login) => register(auth, login)));
    const statuses = answers.map(({ statusCode }) => statusCode).sort();
    assert.deepEqual(statuses, [201, ...Array.from({ length: 7 }, () => 409)]);
    const rows = await auth.database.query(`select from auth.person where skeleton = 'peace'`);
    assert.equal(rows.length, 1);
  });

  test('a login that looks like one stored by an older version is refused', async () => {
    await auth.database.query(
      `insert into auth.person (login, login_key, email, first_name, last_name, role, created_at)
       values ('хосе', 'хосе', '', '', '', 'person', $1), ('ann\u2060a', 'ann\u2060a', '', '', '', 'person', $1)`,
      [new Date()],
    );
    await assertRefused(auth, 'xoce', 'login_looks_taken');
    await assertRefused(auth, 'anna', 'login_looks_taken');
    const answer = await auth.ask('POST', '/login', {}, { login: 'ann\u2060a', password: 'any' });
    assert.equal(answer.statusCode, 401, 'an old login can still be typed');
  });
}

function names(auth: TestAuth): void {
  test('names that hide or turn text are refused', async () => {
    for (const hidden of ['\u202eAnn', 'An\u200bn', 'Ann\u00ad', '\u3164', 'a\u200db', 'a\u2028b', '\ufeff']) {
      for (const field of ['login', 'first_name', 'last_name', 'email']) {
        const answer = await register(auth, 'hidden', { [field]: hidden });
        const { field: named, reason } = answer.json();
        assert.deepEqual(
          [answer.statusCode, named, reason],
          [400, field, 'invisible_characters'],
          JSON.stringify(hidden),
        );
      }
    }
    for (const blank of [' ', '\u2800', '\u3000', '\u0301']) {
      const answer = await register(auth, blank);
      assert.deepEqual([answer.statusCode, answer.json().field], [400, 'login'], JSON.stringify(blank));
    }
    const family = { first_name: '👨‍👩‍👧', last_name: '' };
    assert.equal((await register(auth, 'family 👩🏽‍🚀', family)).statusCode, 201);
  });
}
