import { suggest } from '../errors/suggest.ts';
import type { ActionDefinition, Definition, TriggerDefinition } from '../model/definition.ts';
import type { Diagnostic } from '../model/diagnostic.ts';
import { createValidator, type Validator } from '../validation/validator.ts';
import { compileAction } from './compile-action.ts';
import { compileConnector, type TitlePage } from './compile-connector.ts';
import { compileTable, factsOf } from './compile-table.ts';
import { compileTrigger } from './compile-trigger.ts';
import { deepFreeze } from './freeze.ts';
import { refuseHoles } from './holes.ts';
import type { Sentence } from './operation.ts';
import { type Files, type GoodFile, readFiles } from './read-files.ts';
import { sentencesOf } from './sentences.ts';
import type { ActionYaml, ConnectorYaml, OperationYaml, TableYaml, TriggerYaml } from './shapes.ts';
import type { Site } from './site.ts';
import type { Workshop } from './workshop.ts';

/** What compiling gave: a definition only when nothing is wrong; warnings do not stand in its way. */
export interface Compiled {
  readonly definition?: Definition;
  /** In the order of files and lines. */
  readonly diagnostics: readonly Diagnostic[];
}

/**
 * Compiles the files of a manifest (path below its folder -> text): connector.yaml, actions, triggers and
 * schemas/tables. Pure; reports every fault of every file at once. The definition is frozen plain data. Hand in
 * the process's validator to keep what it compiles on the way.
 */
export function compileManifest(
  files: ReadonlyMap<string, string>,
  validator: Validator = createValidator(),
): Compiled {
  const diagnostics = new Map<string, Diagnostic>();
  const read = readFiles(files, { validator, diagnostics });
  const shop: Workshop = {
    validator,
    diagnostics,
    facts: new Map(),
    tables: new Map(),
    broken: new Set(read.brokenTables),
  };
  compileTables(read.table, shop);
  const page = compilePage(read, files, shop);
  const actionSentences = sentencesOf<ActionYaml>(read.action, shop);
  const actions = compileAll(actionSentences, (sentence) => compileAction(sentence, shop));
  if (page !== undefined)
    checkEveryday(
      page,
      read.connector[0]!,
      actionSentences.map(({ id }) => id),
    );
  const triggers = compileAll(sentencesOf<TriggerYaml>(read.trigger, shop), (sentence) =>
    compileTrigger(sentence, shop),
  );
  const sorted = [...diagnostics.values()].sort(byPlace);
  if (page === undefined || sorted.some(({ severity }) => severity === 'error'))
    return { diagnostics: sorted };
  const tables = Object.fromEntries([...shop.tables].map(([name, { table }]) => [name, table]));
  return { definition: deepFreeze({ ...page, tables, actions, triggers }), diagnostics: sorted };
}

function compileTables(files: readonly GoodFile[], shop: Workshop): void {
  // Lookups name other tables, so the facts of all come first.
  const yamls = files.map(({ name, site }) => ({
    name,
    site,
    yaml: site.source.data as unknown as TableYaml,
  }));
  for (const { name, yaml } of yamls) shop.facts.set(name, factsOf(yaml));
  for (const { name, yaml, site } of yamls) {
    const table = compileTable(name, yaml, { site, shop });
    if (table === undefined) shop.broken.add(name);
    else shop.tables.set(name, table);
  }
}

function compilePage(
  { connector: [file] }: Files,
  files: ReadonlyMap<string, string>,
  shop: Workshop,
): TitlePage | undefined {
  if (file !== undefined)
    return compileConnector(file.site.source.data as unknown as ConnectorYaml, file.site, shop);
  if (!files.has('connector.yaml')) {
    const place = { file: 'connector.yaml', line: 1, column: 1, length: 1 };
    const fix = 'add connector.yaml: dsl, id, version, title, connection, auth, api, retry';
    shop.diagnostics.set('connector.yaml', {
      severity: 'error',
      code: 'M105',
      message: 'connector.yaml is missing',
      place,
      source: '',
      fix,
    });
  }
  return undefined;
}

function compileAll<Yaml extends OperationYaml, Compiled extends ActionDefinition | TriggerDefinition>(
  sentences: readonly Sentence<Yaml>[],
  compile: (sentence: Sentence<Yaml>) => Compiled | undefined,
): Readonly<Record<string, Compiled>> {
  const ids = sentences.map(({ id }) => id);
  const compiled = sentences.flatMap((sentence) => {
    checkWords(sentence, ids);
    const operation = compile(sentence);
    return operation === undefined ? [] : [[sentence.id, operation] as const];
  });
  return Object.fromEntries(compiled);
}

function checkWords({ yaml, site }: Sentence, ids: readonly string[]): void {
  refuseHoles(yaml.title, site.at('title'));
  refuseHoles(yaml.description, site.at('description'));
  if (yaml.deprecated !== undefined) checkId(yaml.deprecated.use, ids, site.at('deprecated', 'use'));
}

function checkEveryday({ everyday }: TitlePage, { site }: GoodFile, ids: readonly string[]): void {
  for (const [index, id] of everyday.entries()) checkId(id, ids, site.at('everyday', index));
}

function checkId(id: string, ids: readonly string[], site: Site): void {
  if (ids.includes(id)) return;
  const [nearest] = suggest(id, ids, 1);
  site.error('M118', `there is no "${id}"`, { fix: nearest && `did you mean "${nearest}"?` });
}

function byPlace({ place: a }: Diagnostic, { place: b }: Diagnostic): number {
  if (a.file !== b.file) return a.file < b.file ? -1 : 1;
  return a.line - b.line || a.column - b.column;
}
