// Writes src/api/limits.ts: the limits that ../api/openapi.json states of what
// people type and ask for. With --check it fails when the file is another.
import console from 'node:console';
import { readFileSync, writeFileSync } from 'node:fs';
import process from 'node:process';
import { URL } from 'node:url';

const file = new URL('src/api/limits.ts', import.meta.url);
const document = JSON.parse(readFileSync(new URL('../api/openapi.json', import.meta.url), 'utf8'));

const texts = Object.entries(document.components.schemas).flatMap(([name, { properties = {} }]) => {
  const most = Object.entries(properties).filter(([, { maxLength }]) => maxLength !== undefined);
  return most.length === 0 ? [] : [`  ${name}: { ${most.map(([field, { maxLength }]) => `${field}: ${maxLength}`).join(', ')} },`];
});
const parameters = Object.values(document.paths).flatMap((methods) => Object.values(methods)).flatMap(({ parameters = [] }) => parameters);
const pages = new Set(parameters.filter(({ name, in: place }) => name === 'limit' && place === 'query').map(({ schema }) => schema.maximum));
if (pages.size !== 1) throw new Error(`the pages of lists have several limits: ${[...pages].join(', ')}`);

const text = `// From api/openapi.json, by "npm run generate". Do not edit.

/** How many characters the texts of a request may have, by its type and field. */
export const limits = {
${texts.join('\n')}
} as const;

/** How many elements a page of any list has at most. */
export const maxPage = ${[...pages][0]};
`;
if (!process.argv.includes('--check')) {
  writeFileSync(file, text);
} else if (readFileSync(file, 'utf8') !== text) {
  console.error('src/api/limits.ts is not what api/openapi.json says; run "npm run generate"');
  process.exit(1);
}
