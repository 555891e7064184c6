import { isJsonObject, type Json, type JsonObject } from '../../model/json.ts';
import { customColumnsName } from '../../model/table.ts';
import type { BodyTemplate, Placeholder, PlaceholderType } from '../../model/template.ts';
import type { SourceNode } from '../read/source-node.ts';
import { suggestName, suggestValue } from '../read/suggest-value.ts';
import { allDefined } from './all-defined.ts';
import { checkLiteralChoices } from './check-filter-names.ts';
import { withArticle } from './check-placeholder-type.ts';
import { type CompileContext, type CompiledTable, requireProperty } from './compile-context.ts';
import { readPlaceholders, readSolePlaceholder } from './compile-template.ts';
import { type PlaceholderScope, resolvePlaceholderType } from './placeholder-scope.ts';

interface ValuesContext {
  readonly node: SourceNode;
  readonly scope: PlaceholderScope;
  readonly context: CompileContext;
  readonly table: CompiledTable;
}

/**
 * Compiles `values`, a row with our names: `"{{input}}"`, or an object of columns. Undefined if it has errors.
 *
 * @param isNew the request creates the row
 */
export function compileValues(
  values: string | JsonObject,
  valuesContext: ValuesContext,
  isNew = false,
): BodyTemplate | undefined {
  const row = compileRow(values, valuesContext);
  return row?.kind === 'row' && isNew ? { ...row, isNew } : row;
}

function compileRow(values: string | JsonObject, valuesContext: ValuesContext): BodyTemplate | undefined {
  if (typeof values === 'string') return compileWholeInput(values, valuesContext);
  const { node, table } = valuesContext;
  const entries = allDefined(
    Object.entries(values).map(([name, value]) => {
      const at = node.at(name);
      if (!checkColumn(name, table, at)) return undefined;
      const body = compileColumn(name, value, { ...valuesContext, node: at });
      return body && ([name, body] as const);
    }),
  );
  return entries && { kind: 'row', table: table.table.name, value: { kind: 'object', entries }, omit: [] };
}

function compileWholeInput(text: string, { node, scope, table }: ValuesContext): BodyTemplate | undefined {
  if (readSolePlaceholder(text)?.path.join('.') !== 'input') {
    const fix = 'write values: "{{input}}"';
    node.error('T111', 'values must be "{{input}}" or an object of columns', { fix });
    return undefined;
  }
  const { name, inputProperties } = table.table;
  const inputs = [...(scope.roots.input?.known ?? [])];
  const isColumn = (input: string) => Object.hasOwn(inputProperties, input);
  const fits = inputs
    .filter(([input]) => isColumn(input))
    .map(([input, { type }]) => {
      scope.used.add(`input.${input}`);
      return checkType(input, type, { node, table, raw: `{{input.${input}}}` });
    });
  if (fits.includes(false)) return undefined;
  return {
    kind: 'row',
    table: name,
    value: { kind: 'placeholder', placeholder: codecPlaceholder(['input']) },
    omit: inputs.map(([input]) => input).filter((input) => !isColumn(input) && input !== customColumnsName),
  };
}

/** A placeholder whose value is encoded by the type of its column. */
function codecPlaceholder(path: readonly string[]): Placeholder {
  return { path, type: { kind: 'any' }, position: 'json' };
}

function checkColumn(name: string, { table }: CompiledTable, node: SourceNode): boolean {
  const known = Object.keys(table.inputProperties);
  if (known.includes(name)) return true;
  const { columns } = table;
  const isReadOnly = columns.some((column) => column.name === name);
  const message = isReadOnly
    ? `"${name}" cannot be written`
    : `the table ${table.name} has no column "${name}"`;
  const meant = columns.find(({ logicalName, wireName }) => [logicalName, wireName].includes(name))?.name;
  const isMeant = meant !== undefined && known.includes(meant);
  const suggestion = isMeant
    ? { fix: `write "${meant}", our name of the column`, replacement: meant }
    : isReadOnly
      ? { fix: explainReadOnly(name) }
      : suggestName(name, known);
  node.error('S111', message, { key: true, ...suggestion });
  return false;
}

/** A row changes its state by an action of its own, not by writing the column. */
function explainReadOnly(name: string): string {
  return name === 'state'
    ? 'remove it: the state changes with an action of its own, such as resolve, cancel or reopen'
    : 'remove it: only Dataverse writes it';
}

function compileColumn(name: string, value: Json, valuesContext: ValuesContext): BodyTemplate | undefined {
  if (typeof value === 'string' && value.includes('{{'))
    return compileColumnPlaceholder(name, value, valuesContext);
  if (typeof value === 'string' && readPlaceholders(value, valuesContext.node) === undefined)
    return undefined;
  const idText = findIdPlaceholder(value);
  if (idText !== undefined) return compileLookupPlaceholder(name, value as JsonObject, idText, valuesContext);
  const { node, context, table } = valuesContext;
  const column = table.table.columns.find((candidate) => candidate.name === name);
  const isCleared = value === null && column?.required === false;
  const issues = isCleared ? [] : context.validator.detailedIssues(requireProperty(table, name).input, value);
  for (const { message, expected } of issues)
    node.error('S112', `the column "${name}" ${message}`, suggestValue(value, node.raw, expected));
  const isKnownChoice = column === undefined || checkLiteralChoices(value, column, node);
  return issues.length === 0 && isKnownChoice ? { kind: 'literal', value } : undefined;
}

/** The text of the `id` in `{ table: case, id: "{{input.id}}" }`, if it has a placeholder. */
function findIdPlaceholder(value: Json): string | undefined {
  if (!isJsonObject(value)) return undefined;
  const { id } = value;
  return typeof id === 'string' && id.includes('{{') ? id : undefined;
}

function compileLookupPlaceholder(
  name: string,
  value: JsonObject,
  raw: string,
  valuesContext: ValuesContext,
): BodyTemplate | undefined {
  const { node, scope, context, table } = valuesContext;
  const at = node.at('id');
  const placeholder = readSolePlaceholder(raw);
  const found = placeholder && resolvePlaceholderType(placeholder.path, { node: at, scope, raw });
  if (placeholder !== undefined && found === undefined) return undefined;
  if (placeholder === undefined || found?.type.kind !== 'uuid') {
    at.error('T105', `${raw}: the id of a row must be one placeholder for an id`, {
      text: raw,
      fix: 'use an input of format uuid',
    });
    return undefined;
  }
  const sample = { ...value, id: '00000000-0000-4000-8000-000000000000' };
  const issues = context.validator.issues(requireProperty(table, name).input, sample);
  for (const issue of issues)
    node.error('S112', `the column "${name}" ${issue.message}`, {
      fix: 'write { table: ..., id: "{{input.id}}" }',
    });
  const entries = Object.entries(value).map(([key, literal]): readonly [string, BodyTemplate] =>
    key === 'id'
      ? [key, { kind: 'placeholder', placeholder: codecPlaceholder(placeholder.path) }]
      : [key, { kind: 'literal', value: literal }],
  );
  return issues.length === 0 ? { kind: 'object', entries } : undefined;
}

function compileColumnPlaceholder(
  name: string,
  raw: string,
  { node, scope, table }: ValuesContext,
): BodyTemplate | undefined {
  if (readPlaceholders(raw, node) === undefined) return undefined;
  const placeholder = readSolePlaceholder(raw);
  if (placeholder === undefined) {
    node.error('T106', 'a column takes one whole value', {
      fix: 'write one placeholder, or the value itself',
    });
    return undefined;
  }
  const found = resolvePlaceholderType(placeholder.path, { node, scope, raw });
  const fits = found && checkType(name, found.type, { node, table, raw });
  return fits ? { kind: 'placeholder', placeholder: codecPlaceholder(placeholder.path) } : undefined;
}

/** Checks that an input has the type of its column; values of other types cannot be encoded. */
function checkType(
  name: string,
  given: PlaceholderType,
  { node, table, raw }: { node: SourceNode; table: CompiledTable; raw: string },
): boolean {
  const { type } = requireProperty(table, name);
  const isText = type.kind === 'string' && (given.kind === 'name' || given.kind === 'uuid');
  if (isText || (given.kind === type.kind && acceptsAllValues(type, given))) return true;
  const [wanted, got] =
    given.kind === type.kind ? ['other values', 'these'] : [withArticle(type.kind), withArticle(given.kind)];
  const fix = `use { $ref: ${table.table.name}#${name} } for the input`;
  node.error('T105', `${raw}: the column "${name}" takes ${wanted}, not ${got}`, { text: raw, fix });
  return false;
}

/** Whether the column has every label and target of the input, with the same meaning. */
function acceptsAllValues(column: PlaceholderType, given: PlaceholderType): boolean {
  const labels = Object.entries(given.choices ?? {}).every(
    ([label, number]) => column.choices?.[label] === number,
  );
  const tables = new Set(column.targets?.map(({ table }) => table));
  return labels && (given.targets ?? []).every(({ table }) => tables.has(table));
}
