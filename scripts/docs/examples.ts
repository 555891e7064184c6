import { readFileSync } from 'node:fs';
import { join } from 'node:path';

const root = join(import.meta.dirname, '../..');

/** A page with its code blocks updated: a block ` ```ts examples/own-host.ts ` gets the content of that file. */
export function withExamples(page: string): string {
  return readFileSync(join(root, page), 'utf8').replaceAll(
    /^```ts (examples\/\S+)\n[\s\S]*?^```$/gm,
    (_, file: string) => `\`\`\`ts ${file}\n${readFileSync(join(root, file), 'utf8')}\`\`\``,
  );
}
