import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { explainCode } from 'dynamics365-connector/authoring';
import type { CommandContext } from './command-context.ts';

/** `d365 explain-code M103`: prints what the documentation of the installed package says about a code. No network. */
export default async function explain({ terminal, args }: CommandContext): Promise<number> {
  const [code = ''] = args;
  const root = dirname(createRequire(import.meta.url).resolve('dynamics365-connector/package.json'));
  const names = ['diagnostics.md', 'query-check.md', 'errors.md'];
  const documents = await Promise.all(names.map((name) => readFile(join(root, 'docs', name), 'utf8')));
  const text = explainCode(code, documents);
  if (terminal.json) terminal.printJson({ code, text });
  else terminal.print(text);
  return 0;
}
