import type { MetadataColumn } from '../../model/metadata.ts';
import type { PropertyPath } from '../query/ast.ts';
import { quoteString } from '../quote-string.ts';
import { type CheckContext, report } from './check-context.ts';
import { findLiteralIssue } from './check-literal.ts';
import { resolvePath } from './resolve-path.ts';

/** Checks a comparison of two columns. An unknown name can be text without quotes, or a label. */
export function checkColumnComparison(context: CheckContext, left: PropertyPath, right: PropertyPath): void {
  const found = resolvePath(context, left);
  const known = found?.kind === 'column' ? found.column : undefined;
  // If the left name is wrong, the right one is checked after the repair.
  if (found === undefined && right.segments.length === 1) return;
  if (known !== undefined && reportUnquotedText(context, known, right)) return;
  const other = resolvePath(
    context,
    right,
    (column) => known === undefined || comparisonGroup(column) === comparisonGroup(known),
  );
  if (known === undefined || other === undefined) return;
  const fits = other.kind === 'column' && comparisonGroup(other.column) === comparisonGroup(known);
  if (!fits) {
    const message = `The columns ${left.segments.join('/')} and ${right.segments.join('/')} have different types.`;
    report(context, right, { code: 'Q120', message });
  }
}

/** Reports a word that is not a column but can be a value of the other column. Returns whether it did. */
function reportUnquotedText(context: CheckContext, column: MetadataColumn, path: PropertyPath): boolean {
  const [word, ...more] = path.segments as [string];
  const { table, variables } = context;
  if (table === undefined || more.length > 0 || variables.some(({ name }) => name === word)) return false;
  if (table.columnByWireName(word) ?? table.navigation(word) ?? table.columnByLogicalName(word)) return false;
  const asText = { kind: 'string', value: word, start: path.start, end: path.end } as const;
  if (column.type === 'string') {
    const message = `“${word}” is neither a column nor text in single quotes.`;
    report(context, path, {
      code: 'Q120',
      message,
      fix: `Write ${quoteString(word)}.`,
      text: quoteString(word),
    });
    return true;
  }
  const wrong = findLiteralIssue(column, asText);
  if (wrong?.text === undefined) return false;
  report(context, path, wrong);
  return true;
}

/** The group of a column's type; columns of the same group can be compared. */
function comparisonGroup({ type }: MetadataColumn): string {
  const groups: Readonly<Record<string, string>> = {
    integer: 'number',
    bigint: 'number',
    decimal: 'number',
    choice: 'number',
    uuid: 'id',
    lookup: 'id',
    date: 'time',
    'date-time': 'time',
  };
  return groups[type] ?? type;
}
