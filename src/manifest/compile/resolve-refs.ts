import { suggest, suggestOne } from '../../errors/suggest.ts';
import type { SourceNode } from '../read/source-node.ts';
import { suggestName } from '../read/suggest-value.ts';
import type { PropertyYaml } from '../read/yaml-types.ts';
import type { CompileContext, CompiledTable, TableInfo } from './compile-context.ts';
import type { CompiledProperty } from './compiled-property.ts';

/** `case#state`: by the name of the table, in any connector of the manifest. */
const namePattern = /^([^#/.]+)(?:#(.+))?$/;
/** `../schemas/tables/case.yaml#/properties/state`: by a file of the same connector. */
const pathPattern = /^\.\.\/(schemas\/tables\/([^#/]+)\.yaml)(?:#\/properties\/(.+))?$/;

interface TableRef {
  readonly name: string;
  readonly column: string | undefined;
}

/** Reads a `$ref`; undefined if it is a path to a file that is not of this connector, which is reported. */
function readRef(ref: string, node: SourceNode, context: CompileContext): TableRef | undefined {
  const [byName, name, column] = namePattern.exec(ref) ?? [];
  if (byName !== undefined) return { name: name ?? '', column };
  const [byPath, file = '', table = '', property] = pathPattern.exec(ref) ?? [];
  if (byPath === undefined) {
    const fix = 'write the name of the table: case#state';
    node.error('E116', 'a path stays in the folder of its connector', { fix });
    return undefined;
  }
  const [folder = ''] = /^(?:.*\/)?(?=(?:actions|triggers)\/[^/]+$)/.exec(node.source.file) ?? [];
  if (context.files.has(folder + file) || !context.tables.has(table))
    return { name: table, column: property };
  const fix = `write ${table}${property === undefined ? '' : `#${property}`}`;
  node.error('E116', `this connector has no ${file}: the table is of a connector that is extended`, { fix });
  return undefined;
}

/** The column that `case#state` names; undefined if there is none, which is reported. */
export function resolveColumnRef(
  ref: string,
  node: SourceNode,
  context: CompileContext,
): CompiledProperty | undefined {
  const read = readRef(ref, node, context);
  const table = read && findCompiledTable(read.name, node, context);
  if (read === undefined || table === undefined) return undefined;
  const { name, column } = read;
  if (column === undefined) return undefined;
  const property = table.properties.get(column);
  if (property === undefined) {
    const meant = suggestName(column, table.properties.keys());
    node.error('S101', `the table ${name} has no property "${column}"`, {
      text: ref,
      fix: meant?.fix,
      replacement: meant?.replacement && ref.slice(0, -column.length) + meant.replacement,
    });
  }
  return property;
}

/** The table that `{ $ref: case }` names; undefined if there is none, which is reported. */
export function resolveTableRef(
  { $ref = '' }: PropertyYaml,
  node: SourceNode,
  context: CompileContext,
): CompiledTable | undefined {
  const read = readRef($ref, node.at('$ref'), context);
  return read && findCompiledTable(read.name, node.at('$ref'), context);
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
  if (table === undefined && !context.invalidTables.has(name)) reportUnknownTable(name, node, context);
  return table;
}

/** The facts about a table that is not compiled yet. An unknown name is reported. */
export function findTableInfo(
  name: string,
  node: SourceNode,
  context: CompileContext,
): TableInfo | undefined {
  const tableInfo = context.tableInfo.get(name);
  if (tableInfo === undefined && !context.invalidTables.has(name)) reportUnknownTable(name, node, context);
  return tableInfo;
}

/** Our names of tables have no underscore, so a name with one is a logical name. */
function addTable(name: string): string {
  return name.includes('_')
    ? `write our name of the table; \`d365 learn ${name}\` writes a file for it`
    : `add schemas/tables/${name}.yaml`;
}

function reportUnknownTable(name: string, node: SourceNode, { tableInfo }: CompileContext): void {
  const own = [...tableInfo].find(([, { logicalName, entitySet }]) =>
    [logicalName, entitySet].includes(name),
  );
  const [nearest] = suggest(name, tableInfo.keys(), 1);
  const meant = own?.[0] ?? suggestOne(name, tableInfo.keys());
  const fix =
    own !== undefined
      ? `write ${meant}, our name of the table`
      : nearest === undefined
        ? addTable(name)
        : `did you mean "${nearest}"?`;
  node.error('S102', `there is no table "${name}"`, { text: name, fix, replacement: meant });
}
