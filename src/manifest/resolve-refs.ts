import { suggest } from '../errors/suggest.ts';
import type { CompileContext, CompiledTable, TableInfo } from './compile-context.ts';
import type { CompiledProperty } from './compiled-property.ts';
import type { SourceNode } from './source-node.ts';
import type { PropertyYaml } from './yaml-types.ts';

const refPattern = /^\.\.\/schemas\/tables\/([^#]+)\.yaml(?:#\/properties\/(.+))?$/;

/** The column that `../schemas/tables/case.yaml#/properties/state` names; undefined if there is none, which is reported. */
export function resolveColumnRef(
  ref: string,
  node: SourceNode,
  context: CompileContext,
): CompiledProperty | undefined {
  const [, name = '', column] = refPattern.exec(ref) ?? [];
  const table = findCompiledTable(name, node, context);
  if (table === undefined) return undefined;
  if (column === undefined) {
    const fix = `refer to one of its columns: ${ref}#/properties/title`;
    node.error('S101', 'an input refers to a column, not to a whole table', { fix });
    return undefined;
  }
  const property = table.properties.get(column);
  if (property === undefined) {
    const [nearest] = suggest(column, table.properties.keys(), 1);
    node.error('S101', `the table ${name} has no property "${column}"`, {
      fix: nearest && `did you mean "${nearest}"?`,
    });
  }
  return property;
}

/** The table that `{ $ref: ../schemas/tables/case.yaml }` names; undefined if there is none, which is reported. */
export function resolveTableRef(
  { $ref }: PropertyYaml,
  node: SourceNode,
  context: CompileContext,
): CompiledTable | undefined {
  const [, name = ''] = refPattern.exec($ref ?? '') ?? [];
  return findCompiledTable(name, node.at('$ref'), context);
}

/** Whether a schema refers to a whole table. */
export function isTableRef({ $ref }: PropertyYaml): boolean {
  return $ref !== undefined && !$ref.includes('#');
}

/** A table by our name. An unknown name is reported; a table whose own file has errors is not reported again. */
export function findCompiledTable(
  name: string,
  node: SourceNode,
  context: CompileContext,
): CompiledTable | undefined {
  const table = context.tables.get(name);
  if (table === undefined && !context.invalidTables.has(name))
    reportUnknownTable(name, node, context.tables.keys());
  return table;
}

/** The facts about a table that is not compiled yet. An unknown name is reported. */
export function findTableInfo(
  name: string,
  node: SourceNode,
  context: CompileContext,
): TableInfo | undefined {
  const tableInfo = context.tableInfo.get(name);
  if (tableInfo === undefined && !context.invalidTables.has(name))
    reportUnknownTable(name, node, context.tableInfo.keys());
  return tableInfo;
}

function reportUnknownTable(name: string, node: SourceNode, known: Iterable<string>): void {
  const [nearest] = suggest(name, known, 1);
  const fix = nearest ? `did you mean "${nearest}"?` : `add schemas/tables/${name}.yaml`;
  node.error('S102', `there is no table "${name}"`, { fix });
}
