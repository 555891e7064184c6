import type { Json, JsonObject } from '../model/json.ts';
import type { BodyTemplate, PlaceholderType } from '../model/template.ts';
import { allDefined } from './all-defined.ts';
import type { CompileContext, CompiledTable } from './compile-context.ts';
import { requireProperty } from './compile-context.ts';
import { readPlaceholders, readSolePlaceholder } from './compile-template.ts';
import { type PlaceholderScope, resolvePlaceholderType } from './placeholder-scope.ts';
import type { SourceNode } from './source-node.ts';

interface ChangedToContext {
  readonly node: SourceNode;
  readonly scope: PlaceholderScope;
  readonly context: CompileContext;
  readonly table: CompiledTable;
}

/**
 * Compiles `changedTo`: the value that each column must have now, `*` for any, or one placeholder. The columns exist.
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
  const { input, type } = requireProperty(table, name);
  if (typeof value === 'string' && value.includes('{{'))
    return compileChangedToPlaceholder(value, type, changedToContext);
  const issues = value === '*' ? [] : context.validator.issues(input, value);
  for (const { message } of issues) node.error('S112', `the value ${message}`);
  return issues.length === 0 ? { kind: 'literal', value } : undefined;
}

function compileChangedToPlaceholder(
  raw: string,
  type: PlaceholderType,
  { node, scope }: ChangedToContext,
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
    node.error('T105', `${raw}: a ${type.kind} cannot change to a ${found.type.kind}`, { text: raw });
    return undefined;
  }
  return {
    kind: 'placeholder',
    placeholder: { path: placeholder.path, type: { kind: 'any' }, position: 'json' },
  };
}
