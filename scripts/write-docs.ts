/** Writes the pages of docs/ that are generated from the code: `npm run docs`. A test checks that they are up to date. */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { generatedPages } from './docs/generated-pages.ts';

for (const [file, text] of Object.entries(generatedPages())) {
  writeFileSync(join(import.meta.dirname, '..', file), text);
  console.log(file);
}
