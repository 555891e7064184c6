import type { Placeholder, PlaceholderType } from '../model/template.ts';
import type { CompiledTable } from './compile-context.ts';
import { readSolePlaceholder } from './compile-template.ts';
import { compileValues } from './compile-values.ts';
import { resolvePlaceholderType } from './placeholder-scope.ts';
import type { LoweredRequest, RequestCompileContext } from './request-form.ts';
import type { RequestYaml } from './yaml-types.ts';

/** A row read by an alternate key: every column that the input gives. */
export function compileFind(
  { match }: RequestYaml,
  { table }: CompiledTable,
  { node, scope }: RequestCompileContext,
): LoweredRequest | undefined {
  if (readSolePlaceholder(match!)?.path.join('.') !== 'input') {
    const fix = 'write match: "{{input}}", and input: { columns: keys }';
    node.at('match').error('T111', 'a row is found by the whole input', { fix });
    return undefined;
  }
  scope.used.add('input');
  const path = { parts: [`/${table.entitySet}`] };
  return { method: 'GET', path, match: { table: table.name }, query: [], safety: 'repeatable' };
}

/** A row changed where it is found, or created. */
export function compileUpsert(
  yaml: RequestYaml,
  table: CompiledTable,
  context: RequestCompileContext,
): LoweredRequest | undefined {
  const columns = compileNameInput(yaml.match!, 'match', { kind: 'names', names: undefined }, context);
  const mode = compileNameInput(yaml.mode!, 'mode', { kind: 'name', names: modes }, context);
  const body = compileValues(yaml.values!, { ...context, table, node: context.node.at('values') });
  if (columns === undefined || mode === undefined || body === undefined) return undefined;
  const { name, entitySet } = table.table;
  const match = { table: name, columns, mode };
  return {
    method: 'PATCH',
    path: { parts: [`/${entitySet}`] },
    match,
    query: [],
    body,
    safety: 'repeatable',
  };
}

const modes = ['upsert', 'createOnly', 'updateOnly'];

/** An input that chooses among names; with `names`, among no others than these. */
function compileNameInput(
  raw: string,
  key: 'match' | 'mode',
  { kind, names }: Pick<PlaceholderType, 'kind'> & { readonly names: readonly string[] | undefined },
  { node, scope }: RequestCompileContext,
): Placeholder | undefined {
  const placeholder = readSolePlaceholder(raw);
  const at = node.at(key);
  const found = placeholder && resolvePlaceholderType(placeholder.path, { node: at, scope, raw });
  if (placeholder !== undefined && found === undefined) return undefined;
  const isKnown = (name: string) => names === undefined || names.includes(name);
  if (placeholder && found?.alwaysPresent && found.type.kind === kind && found.type.names?.every(isKnown)) {
    return { path: placeholder.path, type: found.type, position: 'json' };
  }
  const fix =
    key === 'match'
      ? 'write match: "{{input.matchOn}}", and input: { columns: writable }'
      : `write mode: "{{input.mode}}", an enum of ${modes.join(', ')} with a default`;
  at.error('T111', `"${key}" must be an input that chooses among names`, { fix });
  return undefined;
}
