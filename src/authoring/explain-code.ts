import { ConnectorError } from '../errors/connector-error.ts';
import { suggest } from '../errors/suggest.ts';

/**
 * Finds what the documentation says about a code: of a diagnostic (`M103`), of an error (`INPUT_INVALID`), or one of
 * Microsoft's (`0x80040217`, `AADSTS50058`). Upper and lower case are equal.
 *
 * @param documents the Markdown texts in which a code is a heading of the third level, or the first cell of a table
 * @returns Markdown
 * @throws INPUT_INVALID if no document has the code
 */
export function explainCode(code: string, documents: readonly string[]): string {
  const wanted = normalizeCode(code);
  const entries = documents.flatMap((text) => [...listSections(text), ...listRows(text)]);
  const found = entries.filter((entry) => entry.codes.some((one) => normalizeCode(one) === wanted));
  if (found.length > 0) return found.map(({ text }) => text).join('\n\n');
  const suggestions = suggest(code, new Set(entries.flatMap(({ codes }) => codes)));
  const near = suggestions.length > 0 ? ` Did you mean ${suggestions.join(' or ')}?` : '';
  throw new ConnectorError('INPUT_INVALID', `No document explains the code "${code}".${near}`, {
    suggestions,
  });
}

interface Entry {
  readonly codes: readonly string[];
  readonly text: string;
}

function normalizeCode(code: string): string {
  return code
    .trim()
    .toUpperCase()
    .replace(/^AADSTS/, '');
}

/** A section under a heading of the third level, up to the next heading outside of code. */
function listSections(text: string): readonly Entry[] {
  const sections = text.split(/^(?=#{1,3} )/m).filter((section) => section.startsWith('### '));
  return sections.map((section) => {
    const [heading = ''] = section.slice('### '.length).split('\n');
    return { codes: heading.match(/\b[A-Z]\d{3}\b/g) ?? [], text: section.trim() };
  });
}

const codeHeadings: readonly string[] = ['code', 'AADSTS'];

/** A row of a table whose first column is a code, as a list of its cells under their headings. */
function listRows(text: string): readonly Entry[] {
  let headings: readonly string[] = [];
  return text.split('\n').flatMap((line) => {
    const cells = readCells(line);
    if (cells.length === 0) headings = [];
    else if (headings.length === 0) headings = cells;
    const [code = ''] = cells;
    if (cells === headings || !codeHeadings.includes(headings[0] ?? '') || /^-+$/.test(code)) return [];
    const facts = cells.slice(1).map((cell, index) => `${headings[index + 1]}: ${cell}`);
    return [{ codes: listCodes(code), text: [`### ${code.replaceAll('`', '')}`, '', ...facts].join('\n') }];
  });
}

/** `Q130, Q131` and `Q140 to Q143` are several codes. */
function listCodes(cell: string): readonly string[] {
  const [, letter = '', from = '', to = ''] = /^([A-Z])(\d{3}) to [A-Z](\d{3})$/.exec(cell) ?? [];
  if (letter === '') return cell.replaceAll('`', '').split(', ');
  const count = Number(to) - Number(from) + 1;
  return Array.from({ length: count }, (_, index) => letter + (Number(from) + index));
}

/** The cells of a line of a table, without the anchors to which other documents link. */
function readCells(line: string): readonly string[] {
  if (!line.startsWith('|')) return [];
  return line
    .split(/(?<!\\)\|/)
    .slice(1, -1)
    .map((cell) => cell.replace(/<a id="\w+"><\/a>/, '').trim());
}
