/** Writes the pages of docs/ that follow from tables in the code: `npm run docs`. A test compares them. */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { pages } from './docs/pages.ts';

for (const [file, text] of Object.entries(pages())) {
  writeFileSync(join(import.meta.dirname, '..', file), text);
  console.log(file);
}
