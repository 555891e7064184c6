import type { Placeholder, PlaceholderType } from '../../model/template.ts';
import type { RequestYaml } from '../read/yaml-types.ts';
import type { CompiledTable } from './compile-context.ts';
import { readSolePlaceholder } from './compile-template.ts';
import { compileValues } from './compile-values.ts';
import { resolvePlaceholderType } from './placeholder-scope.ts';
import type { LoweredRequest, RequestCompileContext } from './request-form.ts';
import { requireKey } from './require-key.ts';

/** Compiles `find`: a row is read by an alternate key, whose columns are those in the input. */
export function compileFind(
  yaml: RequestYaml,
  { table }: CompiledTable,
  { node, scope }: RequestCompileContext,
): LoweredRequest | undefined {
  if (readSolePlaceholder(requireKey(yaml, 'match'))?.path.join('.') !== 'input') {
    const fix = 'write match: "{{input}}", and input: { columns: keys }';
    node.at('match').error('T111', '"match" must be the whole input', { fix });
    return undefined;
  }
  scope.used.add('input');
  const path = { parts: [`/${table.entitySet}`] };
  return { method: 'GET', path, match: { table: table.name }, query: [], safety: 'repeatable' };
}

/** Compiles `upsert`: the matching row is updated, or a row is created. */
export function compileUpsert(
  yaml: RequestYaml,
  table: CompiledTable,
  context: RequestCompileContext,
): LoweredRequest | undefined {
  const columns = compileNameInput(
    requireKey(yaml, 'match'),
    'match',
    { kind: 'names', names: undefined },
    context,
  );
  const mode = compileNameInput(requireKey(yaml, 'mode'), 'mode', { kind: 'name', names: modes }, context);
  const body = compileValues(requireKey(yaml, 'values'), {
    ...context,
    table,
    node: context.node.at('values'),
  });
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

/** Compiles an input whose value is one of a list of names (of `names`, if given). */
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
  at.error('T111', `"${key}" must be an input with an enum of names`, { fix });
  return undefined;
}
