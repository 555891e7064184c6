import { isJsonArray, type Json } from '../../model/json.ts';
import type { TableColumn } from '../../model/table.ts';
import type { Filter, Operand, PropertyPath } from '../../odata/query/ast.ts';
import type { SourceNode } from '../read/source-node.ts';
import { checkChoiceNumber, checkChoiceText, checkColumnName } from './check-column-name.ts';
import type { CompiledTable } from './compile-context.ts';
import { parseClause } from './parse-clause.ts';

/**
 * Checks the names of columns and the numbers of choices in one clause of a `$filter`, as far as the table file tells: a
 * column of another table, or of a lambda, is not checked. The clause has been compiled. Returns whether it has no errors.
 */
export function checkFilterNames(text: string, table: CompiledTable, node: SourceNode): boolean {
  const clause = parseClause(text);
  return clause === undefined || new FilterChecker({ ...clause, table, node }).check(clause.filter);
}

interface FilterContext {
  readonly text: string;
  readonly table: CompiledTable;
  readonly node: SourceNode;
  readonly isPlaceholder: (start: number) => boolean;
}

class FilterChecker {
  readonly #context: FilterContext;

  constructor(context: FilterContext) {
    this.#context = context;
  }

  check(filter: Filter): boolean {
    switch (filter.kind) {
      case 'and':
      case 'or':
        return filter.terms.map((term) => this.check(term)).every(Boolean);
      case 'not':
        return this.check(filter.term);
      case 'compare':
        return this.#comparison(filter.left, filter.right);
      case 'text':
      case 'function':
        return this.#column(filter.path) !== 'invalid';
      case 'lambda':
        return true;
    }
  }

  #comparison(left: Operand, right: Operand): boolean {
    const [path, value] = left.kind === 'path' ? [left, right] : [right, left];
    if (path.kind !== 'path') return true;
    const column = this.#column(path);
    const other = value.kind === 'path' ? this.#column(value) : undefined;
    if (column === 'invalid' || other === 'invalid') return false;
    if (column === undefined || this.#context.isPlaceholder(value.start)) return true;
    const { node, text } = this.#context;
    if (value.kind === 'number')
      return checkChoiceNumber(Number(value.text), column, node, { text: value.text });
    const written = text.slice(value.start, value.end);
    return value.kind !== 'string' || checkChoiceText(value.value, column, node, { text: written });
  }

  /** The column of a path; undefined if it is not one of the table file. */
  #column({ segments, start }: PropertyPath): TableColumn | 'invalid' | undefined {
    const [name = '', ...more] = segments;
    if (more.length > 0 || this.#context.isPlaceholder(start)) return undefined;
    const { table, node } = this.#context;
    if (!checkColumnName(name, table, node, { text: name })) return 'invalid';
    return table.table.columns.find(({ wireName }) => wireName === name);
  }
}

/** Checks a literal value of our column: the numbers of its choices, one or a list of them. */
export function checkLiteralChoices(value: Json, column: TableColumn, node: SourceNode): boolean {
  const values = isJsonArray(value) ? value : [value];
  return values
    .map((one) => typeof one !== 'number' || checkChoiceNumber(one, column, node, {}))
    .every(Boolean);
}
