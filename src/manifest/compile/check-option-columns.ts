import type { Template } from '../../model/template.ts';
import { parseOrderBy, parseSelect } from '../../odata/query/parse-columns.ts';
import type { SourceNode } from '../read/source-node.ts';
import { checkColumnName } from './check-column-name.ts';
import type { CompiledTable } from './compile-context.ts';

/** Checks the columns in a compiled `$orderby` or `$select`. Returns whether there are no errors. */
export function checkOptionColumns(
  option: string,
  template: Template,
  table: CompiledTable,
  node: SourceNode,
): boolean {
  const [text] = template.parts;
  const isWhole = template.parts.length === 1 && typeof text === 'string';
  const names = isWhole ? columnsIn(option, text) : [];
  const checks = names.map((name) => checkColumnName(name, table, node, { text: name }));
  return checkChosenColumns(template, table, node) && checks.every(Boolean);
}

/** The columns in a text without placeholders. */
function columnsIn(option: string, text: string): readonly string[] {
  const parsed =
    option === '$select' ? parseSelect(text) : option === '$orderby' ? parseOrderBy(text) : undefined;
  if (parsed?.ok !== true) return [];
  const paths = parsed.value.map((item) => ('path' in item ? item.path : item));
  return paths.flatMap(({ segments }) =>
    segments.length === 1 && segments[0] !== '*' ? (segments as readonly string[]) : [],
  );
}

const columnPositions: readonly string[] = ['filter-name', 'order', 'select'];

/** Checks the columns that a caller can choose: the names in the enum of an input. Returns whether there are no errors. */
export function checkChosenColumns({ parts }: Template, table: CompiledTable, node: SourceNode): boolean {
  const checks = parts.flatMap((part) => {
    if (typeof part === 'string' || !columnPositions.includes(part.position)) return [];
    const raw = `{{${part.path.join('.')}}}`;
    // Directions are not columns.
    const names = (part.type.names ?? []).filter((name) => name !== 'asc' && name !== 'desc');
    return names.map((name) => checkColumnName(name, table, node, { text: raw }));
  });
  return checks.every(Boolean);
}
