import type { CompileContext } from './compile-context.ts';
import type { OperationSource } from './operation-source.ts';
import type { ValidFile } from './read-files.ts';
import { findTableInfo } from './resolve-refs.ts';
import type { SourceNode } from './source-node.ts';
import { createTableVariables, fillTableVariables } from './table-variables.ts';
import type { OperationYaml } from './yaml-types.ts';

/**
 * Lists the operations of all files of one kind, sorted by id. A file with an id is one operation; a template file
 * (`_.<verb>.yaml`) is one operation for each of its tables, except for those that have a file with that id.
 */
export function listOperationSources<Yaml extends OperationYaml>(
  files: readonly ValidFile[],
  context: CompileContext,
): readonly OperationSource<Yaml>[] {
  const own = files.filter(({ name }) => !name.startsWith('_.'));
  const ids = new Set(own.map(({ name }) => name));
  const templates = files.filter(({ name }) => name.startsWith('_.'));
  return [
    ...own.map((file) => toSource<Yaml>(file)),
    ...templates.flatMap((file) => expandTemplateFile<Yaml>(file, context).filter(({ id }) => !ids.has(id))),
  ].sort((a, b) => (a.id < b.id ? -1 : 1));
}

function toSource<Yaml extends OperationYaml>({ name, node }: ValidFile): OperationSource<Yaml> {
  const yaml = node.source.data as unknown as Yaml;
  if (yaml.for !== undefined) {
    const fix = 'remove it, or rename the file to _.<verb>.yaml';
    node.at('for').error('M117', '"for" is only allowed in a template file', { key: true, fix });
  }
  checkTests(yaml, node);
  return { id: name, yaml, node };
}

/** Every operation should have a test; a test of a template file names one of its tables. */
function checkTests({ for: tables, tests }: OperationYaml, node: SourceNode): void {
  if (tests === undefined) {
    node.at('title').warning('M119', 'there is no test', {
      key: true,
      fix: 'add tests: with the request and the response',
    });
  }
  for (const [index, { table }] of (tests ?? []).entries()) {
    if (table === undefined || tables === undefined || tables.includes(table)) continue;
    node.at('tests', index, 'table').error('M113', `the template is not for "${table}"`, {
      fix: `add it to "for", or use one of: ${tables.join(', ')}`,
    });
  }
}

function expandTemplateFile<Yaml extends OperationYaml>(
  { name, node }: ValidFile,
  context: CompileContext,
): readonly OperationSource<Yaml>[] {
  const template = node.source.data as unknown as Yaml;
  if (template.for === undefined) {
    const fix = 'add for: [account, contact]';
    node.error('M117', 'a template file must list its tables', { key: true, fix });
    return [];
  }
  checkTests(template, node);
  return template.for.flatMap((table, index) => {
    const tableInfo = findTableInfo(table, node.at('for', index), context);
    if (tableInfo === undefined) return [];
    const yaml = fillTableVariables(
      node.source.data,
      createTableVariables(table, tableInfo),
      node,
    ) as unknown as Yaml;
    return [{ id: `${table}${name.slice(1)}`, yaml, node, table }];
  });
}
