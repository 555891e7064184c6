import { readFileSync } from 'node:fs';
import { join } from 'node:path';

const root = join(import.meta.dirname, '../..');

/** A page whose blocks ` ```ts examples/own-host.ts ` hold the file of that name. */
export function withExamples(page: string): string {
  return readFileSync(join(root, page), 'utf8').replaceAll(
    /^```ts (examples\/\S+)\n[\s\S]*?^```$/gm,
    (_, file: string) => `\`\`\`ts ${file}\n${readFileSync(join(root, file), 'utf8')}\`\`\``,
  );
}
