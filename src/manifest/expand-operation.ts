import { ConnectorError } from '../errors/connector-error.ts';
import { suggest } from '../errors/suggest.ts';
import type { Json, JsonObject } from '../model/json.ts';
import { omitUndefined } from '../model/omit-undefined.ts';
import type { OperationSource } from './compile/operation-source.ts';
import type { ManifestSources } from './compile-manifest.ts';
import { printYaml } from './read/yaml-text.ts';

/**
 * Returns the YAML of one action or trigger as a file of its own: if it comes from a template file, the table variables
 * are filled in. Saved as `actions/<id>.yaml`, it compiles to the same operation; that of a base has `replaces`. The files
 * must compile without errors.
 *
 * @throws OPERATION_UNKNOWN if there is no operation with this id.
 */
export function expandOperationSource({ actions, triggers }: ManifestSources, id: string): string {
  const source = [...actions, ...triggers].find((one) => one.id === id);
  if (source === undefined) throw unknownOperation(id, [...actions, ...triggers]);
  if (source.table === undefined && source.from === undefined) return source.node.source.text;
  const kind = source.file.startsWith('actions/') ? 'action' : 'trigger';
  const line = `# yaml-language-server: $schema=../schemas/manifest/${kind}.schema.json\n`;
  const { explicit: _, tests, replaces: __, ...operation } = source.yaml as unknown as JsonObject;
  const replaces = source.from === undefined ? undefined : id;
  const own = selectTableTests(tests, source.table);
  return (
    line +
    printYaml({
      ...omitUndefined({ replaces }),
      ...(shortenRefs(operation) as JsonObject),
      ...omitUndefined({ tests: own }),
    })
  );
}

/** The tests of a template that name the table; all tests of another file. */
function selectTableTests(tests: unknown, table: string | undefined): readonly JsonObject[] | undefined {
  const own = ((tests ?? []) as readonly JsonObject[]).flatMap(({ table: named, ...test }) =>
    named === table ? [test] : [],
  );
  return own.length > 0 ? own : undefined;
}

/** In another folder the paths of a base lead nowhere: tables are referred to by their names. */
function shortenRefs(data: Json, key = ''): Json {
  if (typeof data === 'string' && key === '$ref')
    return data.replace(
      /^\.\.\/schemas\/tables\/([^#]+)\.yaml(?:#\/properties\/(.+))?$/,
      (_, table, column) => (column === undefined ? table : `${table}#${column}`),
    );
  if (data === null || typeof data !== 'object') return data;
  if (Array.isArray(data)) return data.map((item: Json) => shortenRefs(item));
  return Object.fromEntries(
    Object.entries(data).map(([name, value]) => [name, shortenRefs(value as Json, name)]),
  );
}

function unknownOperation(id: string, sources: readonly OperationSource[]): ConnectorError {
  const suggestions = suggest(
    id,
    sources.map((one) => one.id),
  );
  const near = suggestions.length > 0 ? ` Did you mean ${suggestions.join(' or ')}?` : '';
  return new ConnectorError('OPERATION_UNKNOWN', `There is no action or trigger "${id}".${near}`, {
    suggestions,
  });
}
