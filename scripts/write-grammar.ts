import { writeFile } from 'node:fs/promises';
import { grammars } from '../src/manifest/grammar/index.ts';

// Writes the grammars for editors: `node scripts/write-grammar.ts`, then `npm run format`.
for (const [kind, schema] of Object.entries(grammars)) {
  const path = new URL(`../schemas/manifest/${kind}.schema.json`, import.meta.url);
  await writeFile(path, `${JSON.stringify(schema, null, 2)}\n`);
}
