import { parseOrderBy, parseSelect } from '../query/parse-columns.ts';
import { locateFilterPlaceholders } from './locate-filter-placeholders.ts';
import {
  fillPlaceholders,
  type PlaceholderDiagnostic,
  type PlaceholderPositions,
  type SampleText,
  toPlaceholderDiagnostic,
} from './placeholder-positions.ts';

/**
 * Finds the position of each placeholder in a query option: in `$filter` they are values, in `$orderby` and `$select` they
 * are names, and in `$top`, `@alias` and other options a placeholder is the whole value.
 */
export function locateOptionPlaceholders(name: string, parts: readonly string[]): PlaceholderPositions {
  if (name === '$filter') return locateFilterPlaceholders(parts);
  if (parts.length === 1) return { ok: true, positions: [] };
  if (name === '$orderby') return locateNames(parts, 'order');
  if (name === '$select') return locateNames(parts, 'select');
  if (name === '$expand' || name === '$apply') {
    return rejectAll(parts, { message: `${name} cannot have placeholders.`, fix: 'Write the column names.' });
  }
  if (parts.length === 2 && parts.every((part) => part.trim() === ''))
    return { ok: true, positions: ['filter-value'] };
  return rejectAll(parts, { message: `In ${name} the placeholder must be the whole value.` });
}

function rejectAll(
  parts: readonly string[],
  base: Pick<PlaceholderDiagnostic, 'message' | 'fix'>,
): PlaceholderPositions {
  return {
    ok: false,
    diagnostics: parts.slice(1).map((_, index) => ({ ...base, at: { kind: 'placeholder', index } })),
  };
}

/** Each placeholder is one name: a column, or in `$orderby` the direction after a column. */
function locateNames(parts: readonly string[], position: 'order' | 'select'): PlaceholderPositions {
  const isDirection = (index: number) => position === 'order' && isAfterColumn(parts, index);
  const filled = fillPlaceholders(parts, (index) => (isDirection(index) ? 'asc' : 'a'));
  const partialNames = findPartialNames(filled);
  if (partialNames.length > 0) return { ok: false, diagnostics: partialNames };
  const parsed = position === 'order' ? parseOrderBy(filled.text) : parseSelect(filled.text);
  if (parsed.ok) return { ok: true, positions: filled.placeholders.map(() => position) };
  return {
    ok: false,
    diagnostics: parsed.diagnostics.map((diagnostic) => toPlaceholderDiagnostic(filled, diagnostic)),
  };
}

/** Whether a placeholder follows a column (`name {{…}}`) and not the start or a comma. */
function isAfterColumn(parts: readonly string[], index: number): boolean {
  const before = (parts[index] ?? '').trimEnd();
  return before === '' ? index > 0 : !before.endsWith(',');
}

function findPartialNames({ text, placeholders }: SampleText): PlaceholderDiagnostic[] {
  return placeholders.flatMap(({ start, end }, index): PlaceholderDiagnostic[] => {
    const alone = /(?:^|[\s,])$/.test(text.slice(0, start)) && /^(?:$|[\s,])/.test(text.slice(end));
    if (alone) return [];
    return [
      {
        message: 'A placeholder is a whole name, not a part of one.',
        at: { kind: 'placeholder', index },
      },
    ];
  });
}
