import { ConnectorError } from '../errors/connector-error.ts';
import { suggest } from '../errors/suggest.ts';
import type { JsonObject } from '../model/json.ts';
import { omitUndefined } from '../model/omit-undefined.ts';
import { toTableInfo } from './compile-table.ts';
import { printYaml, readYaml } from './read-yaml.ts';
import type { SourceFile } from './source-file.ts';
import { SourceNode } from './source-node.ts';
import { createTableVariables, fillTableVariables } from './table-variables.ts';
import type { TableYaml } from './yaml-types.ts';

/**
 * Returns the YAML of one action or trigger as a file of its own: if it comes from a template file, the table variables
 * are filled in. Saved as `actions/<id>.yaml`, it compiles to the same operation. The files must compile without errors.
 *
 * @throws OPERATION_UNKNOWN if there is no operation with this id.
 */
export function expandOperationSource(files: ReadonlyMap<string, string>, id: string): string {
  for (const folder of ['actions', 'triggers']) {
    const own = files.get(`${folder}/${id}.yaml`);
    if (own !== undefined) return own;
    const template = expandTemplate(files, folder, id);
    if (template !== undefined) return template;
  }
  const suggestions = suggest(id, listIds(files));
  const near = suggestions.length > 0 ? ` Did you mean ${suggestions.join(' or ')}?` : '';
  throw new ConnectorError('OPERATION_UNKNOWN', `There is no action or trigger "${id}".${near}`, {
    suggestions,
  });
}

function expandTemplate(files: ReadonlyMap<string, string>, folder: string, id: string): string | undefined {
  const [table = '', ...verb] = id.split('.');
  const template = readSource(files, `${folder}/_.${verb.join('.')}.yaml`);
  const tableFile = readSource(files, `schemas/tables/${table}.yaml`);
  if (template === undefined || tableFile === undefined || !readTables(template).includes(table))
    return undefined;
  const variables = createTableVariables(table, toTableInfo(tableFile.data as unknown as TableYaml));
  const {
    for: _,
    tests,
    ...operation
  } = fillTableVariables(template.data, variables, new SourceNode(template, new Map())) as JsonObject;
  const kind = folder === 'actions' ? 'action' : 'trigger';
  const line = `# yaml-language-server: $schema=../schemas/manifest/${kind}.schema.json\n`;
  return line + printYaml({ ...operation, ...omitUndefined({ tests: selectTableTests(tests, table) }) });
}

function selectTableTests(tests: unknown, table: string): readonly JsonObject[] | undefined {
  const own = ((tests ?? []) as readonly JsonObject[]).flatMap(({ table: named, ...test }) =>
    named === table ? [test] : [],
  );
  return own.length > 0 ? own : undefined;
}

function readSource(files: ReadonlyMap<string, string>, file: string): SourceFile | undefined {
  const text = files.get(file);
  return text === undefined ? undefined : readYaml(file, text).source;
}

function readTables({ data }: SourceFile): readonly string[] {
  return ((data as JsonObject).for ?? []) as readonly string[];
}

function listIds(files: ReadonlyMap<string, string>): readonly string[] {
  return [...files.keys()].flatMap((file) => {
    const [, name] = /^(?:actions|triggers)\/(.+)\.yaml$/.exec(file) ?? [];
    if (name === undefined) return [];
    const source = name.startsWith('_.') ? readSource(files, file) : undefined;
    return source === undefined ? [name] : readTables(source).map((table) => `${table}${name.slice(1)}`);
  });
}
