import type { MetadataColumn } from '../../model/metadata.ts';
import type { Path } from '../query/ast.ts';
import { type Checking, report } from './checking.ts';
import { resolvePath } from './names.ts';
import { misfit, quote } from './values.ts';

/** Two columns of one row; a name that is none may be text whose quotes were forgotten, or a label. */
export function checkColumns(checking: Checking, left: Path, right: Path): void {
  const found = resolvePath(checking, left);
  const known = found?.kind === 'column' ? found.column : undefined;
  // Beside a wrong name a word may be anything; it is looked at once the name is repaired.
  if (found === undefined && right.segments.length === 1) return;
  if (known !== undefined && isForgottenText(checking, known, right)) return;
  const other = resolvePath(
    checking,
    right,
    (column) => known === undefined || family(column) === family(known),
  );
  if (known === undefined || other === undefined) return;
  const fits = other.kind === 'column' && family(other.column) === family(known);
  if (!fits) {
    const message = `The columns ${left.segments.join('/')} and ${right.segments.join('/')} are of different types.`;
    report(checking, right, { code: 'Q120', message });
  }
}

/** Reports a word that is no column, where it makes sense as the value of the other one. */
function isForgottenText(checking: Checking, column: MetadataColumn, path: Path): boolean {
  const [word, ...more] = path.segments as [string];
  const { table, variables } = checking;
  if (table === undefined || more.length > 0 || variables.some(({ name }) => name === word)) return false;
  if (table.column(word) ?? table.navigation(word) ?? table.attribute(word)) return false;
  const asText = { kind: 'string', value: word, start: path.start, end: path.end } as const;
  if (column.type === 'string') {
    const message = `“${word}” is neither a column nor text in single quotes.`;
    report(checking, path, { code: 'Q120', message, fix: `Write ${quote(word)}.`, text: quote(word) });
    return true;
  }
  const wrong = misfit(column, asText);
  if (wrong?.text === undefined) return false;
  report(checking, path, wrong);
  return true;
}

/** Columns of one family can be compared with each other. */
function family({ type }: MetadataColumn): string {
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
