import { ConnectorError } from '../errors/connector-error.ts';
import { suggest } from '../errors/suggest.ts';
import type { JsonObject } from '../model/json.ts';
import { factsOf } from './compile-table.ts';
import { fillWords, wordsOf } from './family.ts';
import type { TableYaml } from './shapes.ts';
import { Site } from './site.ts';
import type { Source } from './source.ts';
import { printYaml, readYaml } from './yaml.ts';

/**
 * The YAML of one action or trigger as if it had a file of its own: a family's words are filled in for its
 * table. Saved under `actions/<id>.yaml` it compiles to the same operation. The files must have compiled;
 * OPERATION_UNKNOWN when there is no such id.
 */
export function expandedSource(files: ReadonlyMap<string, string>, id: string): string {
  for (const folder of ['actions', 'triggers']) {
    const own = files.get(`${folder}/${id}.yaml`);
    if (own !== undefined) return own;
    const family = expandFamily(files, folder, id);
    if (family !== undefined) return family;
  }
  const suggestions = suggest(id, idsOf(files));
  const near = suggestions.length > 0 ? ` Did you mean ${suggestions.join(' or ')}?` : '';
  throw new ConnectorError('OPERATION_UNKNOWN', `There is no "${id}".${near}`, { suggestions });
}

function expandFamily(files: ReadonlyMap<string, string>, folder: string, id: string): string | undefined {
  const [table = '', ...verb] = id.split('.');
  const family = read(files, `${folder}/_.${verb.join('.')}.yaml`);
  const tableFile = read(files, `schemas/tables/${table}.yaml`);
  if (family === undefined || tableFile === undefined || !tablesOf(family).includes(table)) return undefined;
  const words = wordsOf(table, factsOf(tableFile.data as unknown as TableYaml));
  const {
    for: _,
    tests,
    ...sentence
  } = fillWords(family.data, words, new Site(family, new Map())) as JsonObject;
  const kind = folder === 'actions' ? 'action' : 'trigger';
  const line = `# yaml-language-server: $schema=../schemas/manifest/${kind}.schema.json\n`;
  return line + printYaml({ ...sentence, ...ownTests(tests, table) });
}

function ownTests(tests: unknown, table: string): { tests?: readonly JsonObject[] } {
  const own = ((tests ?? []) as readonly JsonObject[]).flatMap(({ table: named, ...test }) =>
    named === table ? [test] : [],
  );
  return own.length > 0 ? { tests: own } : {};
}

function read(files: ReadonlyMap<string, string>, file: string): Source | undefined {
  const text = files.get(file);
  return text === undefined ? undefined : readYaml(file, text).source;
}

function tablesOf({ data }: Source): readonly string[] {
  return ((data as JsonObject).for ?? []) as readonly string[];
}

function idsOf(files: ReadonlyMap<string, string>): readonly string[] {
  return [...files.keys()].flatMap((file) => {
    const [, name] = /^(?:actions|triggers)\/(.+)\.yaml$/.exec(file) ?? [];
    if (name === undefined) return [];
    const source = name.startsWith('_.') ? read(files, file) : undefined;
    return source === undefined ? [name] : tablesOf(source).map((table) => `${table}${name.slice(1)}`);
  });
}
