import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { problemCodes } from 'dynamics365-connector-service';
import { anchoredCode } from './anchored-code.ts';
import { markdownTable } from './markdown-table.ts';

const pattern = /(<!-- problem codes: npm run docs -->\n)[\s\S]*?(<!-- end -->)/;

/** docs/service.md with the table of the problems that the service itself reports. */
export function servicePage(): string {
  const text = readFileSync(join(import.meta.dirname, '../../docs/service.md'), 'utf8');
  const rows = Object.entries(problemCodes).map(([code, { status, title, advice }]) => [
    anchoredCode(code),
    String(status),
    title,
    advice,
  ]);
  const table = markdownTable(['code', 'status', 'meaning', 'next step'], rows);
  return text.replace(pattern, (_, begin: string, end: string) => `${begin}\n${table}\n\n${end}`);
}
