import { readFileSync, writeFileSync } from 'node:fs';
import { registerHooks } from 'node:module';
import { writeDocument } from '../../openapi/document.ts';
import { takeNoArguments } from '../../platform/process/program.ts';

const target = new URL('../../openapi/client/api.ts', import.meta.url);

const heading = `/**
 * The types of all public routes, generated from the OpenAPI document (/openapi.json) by \`npm run client\`. Do not edit.
 */

`;

/** The types in the committed file. */
export const readTypes = () => readFileSync(target, 'utf8');

/** The types generated from the current OpenAPI document. */
export async function writeTypes(document: object = writeDocument()): Promise<string> {
  const { default: typesOf, astToString } = await generator();
  // Examples would make the types file long and add no type information.
  const bare = JSON.parse(JSON.stringify(document, (name, value) => (name === 'example' ? undefined : value)));
  return heading + astToString(await typesOf(bare, { defaultNonNullable: false }));
}

/**
 * Loads openapi-typescript with TypeScript 6: openapi-typescript uses the compiler API, which the `typescript` package
 * has not had since version 7.
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
