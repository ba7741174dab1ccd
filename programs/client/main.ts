import { readFileSync, writeFileSync } from 'node:fs';
import { registerHooks } from 'node:module';
import { writeDocument } from '../../openapi/document.ts';
import { takeNoArguments } from '../../platform/process/program.ts';

/** The file of generated types. */
const target = new URL('../../openapi/client/api.ts', import.meta.url);

const heading = `/**
 * The types of all public routes, made from the document (/openapi.json) by \`npm run client\`. Nothing is written here
 * by hand.
 */

`;

/** The types as they stand in the file. */
export const readTypes = () => readFileSync(target, 'utf8');

/** The types as the document gives them now. */
export async function writeTypes(document: object = writeDocument()): Promise<string> {
  const { default: typesOf, astToString } = await generator();
  // Examples are for readers of the document: among types they would only be long.
  const bare = JSON.parse(JSON.stringify(document, (name, value) => (name === 'example' ? undefined : value)));
  return heading + astToString(await typesOf(bare, { defaultNonNullable: false }));
}

/**
 * The generator builds its text with the programming interface of TypeScript's compiler, which the package has no more
 * since version 7. So it is given that of version 6, which stands beside it for such cases.
 */
async function generator() {
  const hooks = registerHooks({
    resolve: (specifier, context, next) =>
      next(specifier === 'typescript' ? '@typescript/typescript6' : specifier, context),
  });
  try {
    return await import('openapi-typescript');
  } finally {
    hooks.deregister();
  }
}

if (import.meta.main) {
  takeNoArguments('npm run client', 'Writes openapi/client/api.ts, the types of all public routes.');
  writeFileSync(target, await writeTypes());
}
