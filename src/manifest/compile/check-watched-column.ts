import { suggest } from '../../errors/suggest.ts';
import type { SourceNode } from '../read/source-node.ts';
import type { CompiledTable } from './compile-context.ts';

/** Reports a column that a trigger cannot watch, in `columns`, `changedTo` or `due`. Returns whether there is none. */
export function checkWatchedColumn(name: string, { table }: CompiledTable, node: SourceNode): boolean {
  // A feed does not read images.
  const known = table.columns.filter(({ type }) => type !== 'image').map((column) => column.name);
  if (known.includes(name)) return true;
  const [nearest] = suggest(name, known, 1);
  const fix = nearest && `did you mean "${nearest}"?`;
  node.error('S111', `the table ${table.name} has no column "${name}"`, {
    key: node.pointer.includes('changedTo'),
    fix,
  });
  return false;
}
