import type { OutputShape } from '../../model/definition.ts';
import type { Issue } from '../../model/diagnostic.ts';
import type { Expand } from '../../model/expand.ts';
import type { JsonSchema } from '../../model/json.ts';
import { parseJsonPointer } from '../../model/json-pointer.ts';
import { expandedName, type Table } from '../../model/table.ts';
import { type FindTable, resolveExpand } from '../../odata/expand/resolve-expand.ts';
import type { SourceNode } from '../read/source-node.ts';
import type { ActionYaml, PropertyYaml, RequestYaml } from '../read/yaml-types.ts';
import { expandedOutput } from './compile-column-inputs.ts';
import type { CompileContext, CompiledTable } from './compile-context.ts';
import { compileProperty } from './compile-property.ts';
import type { TableRequestForm } from './request-form.ts';
import { isTableRef, resolveTableRef } from './resolve-refs.ts';

export interface CompiledOutput {
  readonly output: OutputShape;
  readonly outputSchema: JsonSchema;
}

const noOutput: CompiledOutput = { output: { kind: 'none' }, outputSchema: { type: 'null' } };

/** Compiles the output: the verb of a table request implies it, a plain request may declare it. Undefined if it has errors. */
export function compileOutput(
  { output, request }: ActionYaml,
  form: TableRequestForm | 'plain',
  { node, context }: { node: SourceNode; context: CompileContext },
): CompiledOutput | undefined {
  if (node.at('output').isBroken) return undefined;
  if (form === 'plain')
    return output === undefined
      ? noOutput
      : rejectExpandOption(request, compileDeclaredOutput(output, node.at('output'), context), node);
  if (output !== undefined) {
    const fix = 'remove it';
    node.at('output').error('M111', `the output of ${form.verb} follows from its table`, { key: true, fix });
    return undefined;
  }
  if (form.verb === 'delete') return noOutput;
  if (form.verb === 'count') return { output: { kind: 'count' }, outputSchema: { type: 'integer' } };
  const plain = form.verb === 'list' ? rowsOutput(form.table) : rowOutput(form.table);
  return request?.expand === undefined
    ? plain
    : expandedRows(plain, form.table, request.expand, { node: node.at('request', 'expand'), context });
}

/** An output with expanded rows, whose schema describes them; undefined if a name in `expand` is unknown. */
function expandedRows(
  { output, outputSchema }: CompiledOutput,
  { table }: CompiledTable,
  expand: Expand,
  { node, context }: { node: SourceNode; context: CompileContext },
): CompiledOutput | undefined {
  const findTable: FindTable = (target) => context.tables.get(target.table)?.table;
  const { expanded, issues } = resolveExpand(table, expand, findTable);
  for (const issue of issues) reportExpandIssue(issue, node);
  if (issues.length > 0 || !('table' in output)) return undefined;
  const row = expandedRowSchema({ ...table, expanded });
  const isList = output.kind === 'rows';
  return {
    output: { ...output, expand },
    outputSchema: isList ? { ...outputSchema, items: row } : row,
  };
}

/** The message of an unknown column names it; the others are about the name at the end of their path. */
function reportExpandIssue({ path, message, keyword }: Issue, node: SourceNode): void {
  const names = parseJsonPointer(path);
  const [summary = '', nearest] = message.split(': did you mean ');
  const isColumn = keyword === 'column';
  const similar = nearest === undefined ? undefined : `did you mean ${nearest}`;
  const fix = keyword === 'table' ? 'add a file for this table to schemas/tables' : similar;
  const subject = isColumn || names.length === 0 ? 'expand' : `"${names.at(-1)}"`;
  node.at(...names).error('S122', `${subject} ${summary}`, { key: !isColumn && names.length > 0, fix });
}

/** The schema of a row with expanded rows. */
function expandedRowSchema({ rowSchema, expanded = [] }: Table): JsonSchema {
  const properties = rowSchema.properties as Readonly<Record<string, JsonSchema>>;
  const rows: Record<string, JsonSchema> = {};
  for (const { name, isCollection, table } of expanded) {
    const row = selectedRowSchema(table);
    const known = rows[name]?.properties as object | undefined;
    // A lookup can have several tables: a row has the columns of one of them.
    if (isCollection) rows[name] = { type: 'array', items: row };
    else
      rows[name] = {
        ...row,
        type: ['object', 'null'],
        properties: { ...known, ...(row.properties as object) },
      };
  }
  return {
    ...rowSchema,
    properties: { ...properties, [expandedName]: { ...expandedOutput, properties: rows } },
  };
}

/** The schema of a row with the columns that are read. */
function selectedRowSchema(table: Table): JsonSchema {
  const { properties: all, ...schema } = expandedRowSchema(table);
  const own = Object.entries(all as object).filter(
    ([name]) =>
      table.selected?.includes(name) === true || (name === expandedName && (table.expanded ?? []).length > 0),
  );
  return { type: schema.type, required: schema.required, properties: Object.fromEntries(own) };
}

/** The rows of a table file have what `expand` of a verb reads; other expanded rows would be dropped. */
function rejectExpandOption(
  request: RequestYaml | undefined,
  output: CompiledOutput | undefined,
  node: SourceNode,
): CompiledOutput | undefined {
  if (output === undefined || !('table' in output.output) || request?.query?.$expand === undefined)
    return output;
  const fix = `write list: ${output.output.table}, with expand: { name: [column] }, or describe the rows in output`;
  node
    .at('request', 'query', '$expand')
    .error('M110', 'the rows of a table file do not have these expanded rows', { key: true, fix });
  return undefined;
}

function compileDeclaredOutput(
  yaml: PropertyYaml,
  node: SourceNode,
  context: CompileContext,
): CompiledOutput | undefined {
  if (isTableRef(yaml)) {
    const table = resolveTableRef(yaml, node, context);
    return table && rowOutput(table);
  }
  if (yaml.type === 'array' && yaml.items !== undefined && isTableRef(yaml.items)) {
    const table = resolveTableRef(yaml.items, node.at('items'), context);
    return table && rowsOutput(table);
  }
  const property = compileProperty(yaml, node, context);
  if (property === undefined) return undefined;
  return { output: { kind: 'json', type: property.type }, outputSchema: property.output };
}

function rowOutput({ table }: CompiledTable): CompiledOutput {
  return { output: { kind: 'row', table: table.name }, outputSchema: table.rowSchema };
}

function rowsOutput({ table }: CompiledTable): CompiledOutput {
  return {
    output: { kind: 'rows', table: table.name },
    outputSchema: { type: 'array', items: table.rowSchema },
  };
}
