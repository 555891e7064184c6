import type { Json, JsonObject } from '../../model/json.ts';
import type { BodyTemplate, PlaceholderType } from '../../model/template.ts';
import type { SourceNode } from '../read/source-node.ts';
import { suggestValue } from '../read/suggest-value.ts';
import { allDefined } from './all-defined.ts';
import { checkLiteralChoices } from './check-filter-names.ts';
import { withArticle } from './check-placeholder-type.ts';
import { checkWatchedColumn } from './check-watched-column.ts';
import type { CompileContext, CompiledTable } from './compile-context.ts';
import { requireProperty } from './compile-context.ts';
import { readPlaceholders, readSolePlaceholder } from './compile-template.ts';
import { type PlaceholderScope, resolvePlaceholderType } from './placeholder-scope.ts';

interface ChangedToContext {
  readonly node: SourceNode;
  readonly scope: PlaceholderScope;
  readonly context: CompileContext;
  readonly table: CompiledTable;
}

/**
 * Compiles `changedTo`: the value that each column must have now, `*` for any, or one placeholder.
 * Undefined if it has errors.
 */
export function compileChangedTo(
  changedTo: JsonObject,
  changedToContext: ChangedToContext,
): BodyTemplate | undefined {
  const entries = allDefined(
    Object.entries(changedTo).map(([name, value]) => {
      const body = compileValue(value, name, { ...changedToContext, node: changedToContext.node.at(name) });
      return body && ([name, body] as const);
    }),
  );
  return entries && { kind: 'object', entries };
}

function compileValue(
  value: Json,
  name: string,
  changedToContext: ChangedToContext,
): BodyTemplate | undefined {
  const { node, context, table } = changedToContext;
  if (!checkWatchedColumn(name, table, node)) return undefined;
  const { input, type } = requireProperty(table, name);
  if (typeof value === 'string' && value.includes('{{'))
    return compileChangedToPlaceholder(value, type, changedToContext);
  const issues = value === '*' ? [] : context.validator.detailedIssues(input, value);
  for (const { message, expected } of issues)
    node.error('S112', `the value ${message}`, suggestValue(value, node.raw, expected));
  const column = table.table.columns.find((candidate) => candidate.name === name);
  const isKnownChoice = column === undefined || checkLiteralChoices(value, column, node);
  return issues.length === 0 && isKnownChoice ? { kind: 'literal', value } : undefined;
}

function compileChangedToPlaceholder(
  raw: string,
  type: PlaceholderType,
  { node, scope, table }: ChangedToContext,
): BodyTemplate | undefined {
  if (readPlaceholders(raw, node) === undefined) return undefined;
  const placeholder = readSolePlaceholder(raw);
  if (placeholder === undefined) {
    node.error('T106', 'a column changes to one whole value', {
      fix: 'write one placeholder, or the value itself',
    });
    return undefined;
  }
  const found = resolvePlaceholderType(placeholder.path, { node, scope, raw });
  if (found === undefined) return undefined;
  // A lookup is compared by its id, or by its display name.
  const fits = type.kind === 'lookup' ? ['uuid', 'string'] : [type.kind];
  if (!fits.includes(found.type.kind)) {
    const fix = `use { $ref: ${table.table.name}#${node.name} } for the input`;
    const message = `${raw}: ${withArticle(type.kind)} cannot change to ${withArticle(found.type.kind)}`;
    node.error('T105', message, { text: raw, fix });
    return undefined;
  }
  return {
    kind: 'placeholder',
    placeholder: { path: placeholder.path, type: { kind: 'any' }, position: 'json' },
  };
}
