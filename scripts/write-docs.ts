/** Writes the pages of docs/ that follow from tables in the code: `npm run docs`. A test compares them. */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { generatedPages } from './docs/generated-pages.ts';

for (const [file, text] of Object.entries(generatedPages())) {
  writeFileSync(join(import.meta.dirname, '..', file), text);
  console.log(file);
}
