import { ConnectorError } from '../../errors/connector-error.ts';
import { suggest } from '../../errors/suggest.ts';
import { compileManifest, compileSources, readSources } from '../../manifest/compile-manifest.ts';
import type { ManifestPackage } from '../../manifest/read/manifest-package.ts';
import { readYaml } from '../../manifest/read/read-yaml.ts';
import { printCompactYaml, updateYaml } from '../../manifest/read/update-yaml.ts';
import type { TableFileYaml } from '../../manifest/read/yaml-types.ts';
import type { Diagnostic } from '../../model/diagnostic.ts';
import { isSameJson, type JsonObject } from '../../model/json.ts';
import type { MetadataTable, MetadataTableSummary } from '../../model/metadata.ts';
import { createValidator } from '../../validation/validator.ts';
import { learnedFile, printRecord, readRecord } from './learned-record.ts';
import { alignNames, type LearnedTable, toLearnedTable } from './learned-table.ts';
import { type ManifestNames, readManifestNames } from './manifest-names.ts';
import { mergeLearned } from './merge-learned.ts';
import { isCustomName } from './names.ts';

/** What `learnTables` learns from. */
export interface LearnOptions {
  /** The manifest, after the packages that it extends. */
  readonly packages: readonly ManifestPackage[];
  /** The tables to learn. */
  readonly tables: readonly MetadataTable[];
  /** The names of all tables that are known: lookups refer to them. */
  readonly summaries: readonly MetadataTableSummary[];
  /** The text of `learnedFile`; undefined if there is none. */
  readonly record: string | undefined;
}

/** What happened to one table. Columns have our names, those that were left out Dataverse's. */
export interface LearnedChange {
  readonly table: string;
  readonly file: string;
  readonly isNew: boolean;
  readonly added: readonly string[];
  readonly changed: readonly string[];
  readonly removed: readonly string[];
  /** Columns that differ from the organization because the author wants it so. */
  readonly kept: readonly string[];
  /** Columns that a table file cannot have, or whose lookup names no table that is known. */
  readonly leftOut: readonly string[];
}

/** What to write; nothing if `diagnostics` has an error. */
export interface LearnResult {
  /** The text of each file by its path in the folder of the manifest; undefined for a file to remove. */
  readonly files: ReadonlyMap<string, string | undefined>;
  readonly changes: readonly LearnedChange[];
  readonly diagnostics: readonly Diagnostic[];
}

/**
 * Learns tables of an organization: those of the connector that is extended get the columns and choices that it lacks, all
 * others a file of their own. A file that exists is merged with what the author has made of it. Pure: nothing is written.
 */
export function learnTables({ packages, tables, summaries, record }: LearnOptions): LearnResult {
  const own = packages.at(-1);
  if (own === undefined) throw new Error('There are no packages.');
  const last = readRecord(record);
  const validator = createValidator();
  const sources = readSources(packages, validator);
  const { diagnostics: present } = compileSources(sources);
  if (hasErrors(present)) return { files: new Map(), changes: [], diagnostics: present };
  const manifest = readManifestNames({ sources, tables, summaries });
  const learned = tables.map((table) => learnTable(table, { own, last: last[table.name], manifest }));
  const files = new Map(
    learned.flatMap(({ file, text }) => (text === own.files.get(file) ? [] : [[file, text] as const])),
  );
  const all = [...new Map<string, string | undefined>([...own.files, ...files])];
  const written = all.flatMap(([file, text]) => (text === undefined ? [] : [[file, text] as const]));
  const checked = { ...own, files: new Map(written) };
  const { diagnostics } = compileManifest([...packages.slice(0, -1), checked], validator);
  const changes = learned.map(({ change }) => change);
  if (hasErrors(diagnostics)) return { files: new Map(), changes: [], diagnostics };
  const filled = learned.filter(({ learned: { yaml } }) => Object.keys(yaml.properties ?? {}).length > 0);
  const next = { ...last, ...Object.fromEntries(filled.map(({ name, learned: { yaml } }) => [name, yaml])) };
  const text = printRecord(next);
  if (text !== record && (record !== undefined || filled.length > 0)) files.set(learnedFile, text);
  return { files, changes, diagnostics };
}

function hasErrors(diagnostics: readonly Diagnostic[]): boolean {
  return diagnostics.some(({ severity }) => severity === 'error');
}

/**
 * The logical names of the tables to learn. If none is named, they are those of the manifest and custom tables; a table
 * whose file the author has removed is learned again only if it is named.
 *
 * @param named logical names, or our names: `new_ticket`, `case`
 * @throws INPUT_INVALID for a name that the organization does not have
 */
export function listTablesToLearn(
  { packages, summaries, record }: Omit<LearnOptions, 'tables'>,
  named: readonly string[] = [],
): readonly string[] {
  const ours = new Map(readSources(packages).tables.map(({ name, yaml }) => [name, yaml['x-table'].name]));
  const names = summaries.map(({ name }) => name);
  const present = new Set(ours.values());
  if (named.length > 0) return [...new Set(named.map((name) => findTable(name, names, ours)))];
  const last = readRecord(record);
  return names.filter((name) => present.has(name) || (isCustomName(name) && last[name] === undefined));
}

function findTable(name: string, names: readonly string[], ours: ReadonlyMap<string, string>): string {
  const found = [ours.get(name), name].find((one) => one !== undefined && names.includes(one));
  if (found !== undefined) return found;
  const suggestions = suggest(name, [...names, ...ours.keys()]);
  const near = suggestions.length > 0 ? ` Did you mean ${suggestions.join(' or ')}?` : '';
  throw new ConnectorError('INPUT_INVALID', `The metadata has no table "${name}".${near}`, {
    advice: 'Use the logical name, and a snapshot that has the table: `d365 metadata pull --all`.',
    suggestions,
  });
}

interface LearnedFile {
  readonly name: string;
  readonly file: string;
  /** Undefined if there is nothing to say about the table. */
  readonly text: string | undefined;
  readonly learned: LearnedTable;
  readonly change: LearnedChange;
}

function learnTable(
  table: MetadataTable,
  { own, last, manifest }: { own: ManifestPackage; last: TableFileYaml | undefined; manifest: ManifestNames },
): LearnedFile {
  const ourName = manifest.ours.get(table.name) ?? table.name;
  const file = `schemas/tables/${ourName}.yaml`;
  const text = own.files.get(file);
  const mine = text === undefined ? undefined : readTableFile(file, text);
  const base = manifest.bases.get(table.name);
  const learned = toLearnedTable(table, { ...manifest, names: manifest, base, own: mine, last });
  const { yaml } = learned;
  // A file that is gone is written anew.
  const before = last && mine && alignNames(last, yaml);
  const merged = mergeLearned(toJson(before), toJson(yaml), toJson(mine ?? {})) as JsonObject;
  const change = describeChange({ table: ourName, file, mine, merged: merged as TableFileYaml, learned });
  return { name: table.name, file, text: print(text, toJson(mine), withoutNothing(merged)), learned, change };
}

/** An addition without properties is no file. */
function withoutNothing({ properties, ...rest }: JsonObject): JsonObject {
  return properties !== undefined && Object.keys(properties as JsonObject).length > 0
    ? { ...rest, properties }
    : rest;
}

const schemaLine =
  '# yaml-language-server: $schema=../../node_modules/dynamics365-connector/schemas/manifest/table.schema.json\n';

function print(
  text: string | undefined,
  mine: JsonObject | undefined,
  merged: JsonObject,
): string | undefined {
  if (isSameJson(mine, merged)) return text;
  if (Object.keys(merged).length === 0) return undefined;
  return text === undefined || mine === undefined
    ? schemaLine + printCompactYaml(merged)
    : updateYaml(text, mine, merged);
}

function readTableFile(file: string, text: string): TableFileYaml {
  const { source } = readYaml(file, text);
  if (source === undefined)
    throw new ConnectorError('MANIFEST_INVALID', `${file} has errors, so nothing can be added to it.`, {
      advice: 'Correct what `d365 check` reports.',
    });
  return source.data as TableFileYaml;
}

function toJson(yaml: TableFileYaml): JsonObject;
function toJson(yaml: TableFileYaml | undefined): JsonObject | undefined;
function toJson(yaml: TableFileYaml | undefined): JsonObject | undefined {
  return yaml as JsonObject | undefined;
}

function describeChange({
  table,
  file,
  mine,
  merged,
  learned: { yaml, leftOut },
}: {
  readonly table: string;
  readonly file: string;
  readonly mine: TableFileYaml | undefined;
  readonly merged: TableFileYaml;
  readonly learned: LearnedTable;
}): LearnedChange {
  const columnsOf = ({ properties = {} }: TableFileYaml) => toJson(properties as TableFileYaml);
  const [before, after, organization] = [columnsOf(mine ?? {}), columnsOf(merged), columnsOf(yaml)];
  const isChanged = (name: string) => before[name] !== undefined && !isSameJson(before[name], after[name]);
  return {
    ...{ table, file, isNew: mine === undefined },
    added: Object.keys(after).filter((name) => before[name] === undefined),
    changed: Object.keys(after).filter(isChanged),
    removed: Object.keys(before).filter((name) => after[name] === undefined),
    kept: Object.keys(organization).filter((name) => !isSameJson(organization[name], after[name])),
    leftOut: leftOut.map(({ name }) => name),
  };
}
