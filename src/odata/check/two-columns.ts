import type { MetadataColumn } from '../../model/metadata.ts';
import type { Path } from '../query/ast.ts';
import { type Checking, report } from './checking.ts';
import { resolvePath } from './names.ts';
import { choiceOf, misfit, quote } from './values.ts';

/** Two columns of one row; a name that is none may be text whose quotes were forgotten, or a label. */
export function checkColumns(checking: Checking, left: Path, right: Path): void {
  const found = resolvePath(checking, left);
  const known = found?.kind === 'column' ? found.column : undefined;
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
  const choice = choiceOf(column, word);
  const text = choice ? literalOf(column, choice.value) : column.type === 'string' ? quote(word) : undefined;
  if (text === undefined) {
    const wrong = misfit(column, { kind: 'string', value: word, start: path.start, end: path.end });
    if (wrong?.text === undefined) return false;
    report(checking, path, wrong);
    return true;
  }
  const code = choice ? 'Q121' : 'Q120';
  const message = choice
    ? `The choice ${column.name} is compared with its number, not with its label.`
    : `“${word}” is neither a column nor text in single quotes.`;
  report(checking, path, { code, message, fix: `Write ${text}.`, text });
  return true;
}

function literalOf({ type }: MetadataColumn, value: number): string {
  return type === 'boolean' ? String(value === 1) : String(value);
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
