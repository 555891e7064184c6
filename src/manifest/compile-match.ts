import type { Slot, SlotType } from '../model/template.ts';
import { compileValues } from './compile-values.ts';
import { wholeHole } from './holes.ts';
import type { Lowered, RequestContext } from './request-form.ts';
import { findValue } from './scope.ts';
import type { RequestYaml } from './shapes.ts';
import type { CompiledTable } from './workshop.ts';

/** A row read by an alternate key: every column that the input gives. */
export function compileFind(
  { match }: RequestYaml,
  { table }: CompiledTable,
  { site, scope }: RequestContext,
): Lowered | undefined {
  if (wholeHole(match!)?.path.join('.') !== 'input') {
    const fix = 'write match: "{{input}}", and input: { columns: keys }';
    site.at('match').error('T111', 'a row is found by the whole input', { fix });
    return undefined;
  }
  scope.used.add('input');
  const path = { parts: [`/${table.set}`] };
  return { method: 'GET', path, match: { table: table.name }, query: [], safety: 'repeatable' };
}

/** A row changed where it is found, or created. */
export function compileUpsert(
  yaml: RequestYaml,
  table: CompiledTable,
  context: RequestContext,
): Lowered | undefined {
  const by = compileWord(yaml.match!, 'match', { kind: 'names', names: undefined }, context);
  const mode = compileWord(yaml.mode!, 'mode', { kind: 'name', names: modes }, context);
  const body = compileValues(yaml.values!, { ...context, table, site: context.site.at('values') });
  if (by === undefined || mode === undefined || body === undefined) return undefined;
  const { name, set } = table.table;
  const match = { table: name, by, mode };
  return { method: 'PATCH', path: { parts: [`/${set}`] }, match, query: [], body, safety: 'repeatable' };
}

const modes = ['upsert', 'createOnly', 'updateOnly'];

/** An input that chooses among names; with `names`, among no others than these. */
function compileWord(
  raw: string,
  key: 'match' | 'mode',
  { kind, names }: Pick<SlotType, 'kind'> & { readonly names: readonly string[] | undefined },
  { site, scope }: RequestContext,
): Slot | undefined {
  const hole = wholeHole(raw);
  const at = site.at(key);
  const found = hole && findValue(hole.path, { site: at, scope, raw });
  if (hole !== undefined && found === undefined) return undefined;
  const isKnown = (name: string) => names === undefined || names.includes(name);
  if (hole && found?.present && found.type.kind === kind && found.type.names?.every(isKnown)) {
    return { path: hole.path, type: found.type, position: 'json' };
  }
  const fix =
    key === 'match'
      ? 'write match: "{{input.matchOn}}", and input: { columns: writable }'
      : `write mode: "{{input.mode}}", an enum of ${modes.join(', ')} with a default`;
  at.error('T111', `"${key}" must be an input that chooses among names`, { fix });
  return undefined;
}
