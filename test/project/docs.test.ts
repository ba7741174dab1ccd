import assert from 'node:assert/strict';
import { existsSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { describe, test } from 'node:test';
import { documents, renew } from '../../programs/diagrams/main.ts';
import { eachDatabase } from '../support/databases/databases.ts';
import { readSources, root } from '../support/sources.ts';
import { withSystem } from '../support/system.ts';

const readme = readFileSync(join(root, 'README.md'), 'utf8');
const settings = readFileSync(join(root, 'docs/reference/settings.md'), 'utf8');

/** Fails if the generated parts of a text are not up to date with the saga's table. */
function requireRenewed(text: string): void {
  assert.equal(text, renew(text), 'the saga’s table has changed: run npm run diagrams');
}

describe('the generated parts of the documents', () => {
  for (const document of documents) {
    test(`${document.pathname.split('/').at(-1)} has those of the saga’s table`, () => {
      const text = readFileSync(document, 'utf8');
      assert.match(text, /<!-- generated: /);
      requireRenewed(text);
    });
  }

  test('one that is out of date is found, and the message says what to do', () => {
    const stale = readme.replace('paying --> complete', 'paying --> occupying');
    assert.throws(() => requireRenewed(stale), /run npm run diagrams/);
    assert.equal(renew(stale), readme);
  });

  test('a marker that names nothing, or never ends, is an error', () => {
    assert.throws(() => renew('<!-- generated: a horse (npm run diagrams) -->\n'), /names an unknown part/);
    assert.throws(() => renew('<!-- generated: saga table (npm run diagrams) -->\n'), /has no end marker/);
  });
});

eachDatabase((_kind, open) => {
  const system = withSystem(open);

  test('the session in the README answers as it stands there', async () => {
    const command =
      /^\$ curl .*-X (\w+) http:\/\/127\.0\.0\.1:8080(\S+)(?: -d '([^']+)')?( +# and three times more)?\n(.*)$/gm;
    const commands = [...readme.matchAll(command)];
    assert.equal(commands.length, 5);
    let cookie: string | undefined;
    for (const [, method = '', path = '', body, more, expected = ''] of commands) {
      const ask = () =>
        system.client.ask(method, path, {
          ...(body !== undefined && { body }),
          ...(cookie !== undefined && { cookie }),
        });
      const { text, headers } = await ask();
      cookie ??= headers['set-cookie']?.[0]?.split(';', 1)[0];
      const [begin = '', end = ''] = expected.split('…');
      if (expected.includes('…')) assert.ok(text.startsWith(begin) && text.endsWith(end), text);
      else assert.equal(text, expected);
      for (let time = 0; more !== undefined && time < 3; time += 1) await ask();
    }
  });
});

test('docs/reference/settings.md has every environment variable', () => {
  const sources = readSources(
    '{programs/start/config,platform/process/service-program,platform/telemetry/start,programs/start/internal-server,auth/main,events/main,account/main,book/main}.ts',
  );
  const specifications = [...sources.values()].flatMap((text) => [...text.matchAll(/\b([A-Z][A-Z_]+): [a-z]/g)]);
  const names = new Set(specifications.map(([, name = '']) => name));
  assert.ok(names.has('PORT') && names.has('BOOK_DATABASE_URL') && names.has('AUTH_URL'));
  assert.deepEqual(
    [...names].filter((name) => !settings.includes(`\`${name}\``)),
    [],
  );
});

test('links between the documents lead somewhere', () => {
  const broken = [...readSources('{*.md,docs/**/*.md}')].flatMap(([path, text]) =>
    [...text.matchAll(/\]\(([^)#\s]+)[^)]*\)/g)]
      .map(([, target = '']) => target)
      .filter((target) => !/^https?:/.test(target) && !existsSync(join(root, dirname(path), target)))
      .map((target) => `${path}: ${target}`),
  );
  assert.deepEqual(broken, []);
});

test('files that the documents name exist', () => {
  const files = [...readSources('**/*.{ts,tsx,sql,yaml}').keys()];
  const missing = [...readSources('{*.md,docs/**/*.md}')].flatMap(([path, text]) =>
    [...text.matchAll(/`([a-z][\w.-]*\/(?:[\w.-]+\/)*[\w.-]+\.(?:ts|tsx|sql|yaml))`/g)]
      .map(([, named = '']) => named)
      .filter((named) => !files.some((file) => file === named || file.endsWith(`/${named}`)))
      .map((named) => `${path}: ${named}`),
  );
  assert.deepEqual(missing, []);
});
