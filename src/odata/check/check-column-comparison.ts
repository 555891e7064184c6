import type { MetadataColumn } from '../../model/metadata.ts';
import type { PropertyPath } from '../query/ast.ts';
import { quoteString } from '../quote-string.ts';
import { type CheckContext, report } from './check-context.ts';
import { findLiteralIssue } from './check-literal.ts';
import { resolvePath } from './resolve-path.ts';

/** Two columns of one row; a name that is none may be text whose quotes were forgotten, or a label. */
export function checkColumnComparison(context: CheckContext, left: PropertyPath, right: PropertyPath): void {
  const found = resolvePath(context, left);
  const known = found?.kind === 'column' ? found.column : undefined;
  // Beside a wrong name a word may be anything; it is looked at once the name is repaired.
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
    const message = `The columns ${left.segments.join('/')} and ${right.segments.join('/')} are of different types.`;
    report(context, right, { code: 'Q120', message });
  }
}

/** Reports a word that is no column, where it makes sense as the value of the other one. */
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

/** Columns of one family can be compared with each other. */
function comparisonGroup({ type }: MetadataColumn): string {
  const families: Readonly<Record<string, string>> = {
    integer: 'number',
    bigint: 'number',
    decimal: 'number',
    choice: 'number',
    uuid: 'id',
    lookup: 'id',
    date: 'time',
    'date-time': 'time',
  };
  return families[type] ?? type;
}
