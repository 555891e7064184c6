import { sentence } from '../errors/sentence.ts';
import { type GoodFile, readFiles } from '../manifest/read-files.ts';
import type { ActionYaml, PropertyYaml, TableYaml, TriggerYaml } from '../manifest/shapes.ts';
import type { Site } from '../manifest/site.ts';
import type { Diagnostic } from '../model/diagnostic.ts';
import { checkOption, type OptionName } from '../odata/check/check-option.ts';
import type { Schema, TableIndex } from '../odata/check/table-index.ts';
import { fold } from '../odata/check/table-index.ts';
import { locateHoles } from '../odata/holes/filter-holes.ts';
import { fillHoles } from '../odata/holes/located.ts';
import { createValidator } from '../validation/validator.ts';

/**
 * Holds a manifest against the tables of an organisation: columns and navigation properties that it does not have,
 * choices that differ, and names in filters. Only warnings: the next organisation may have them.
 */
export function lintManifest(files: ReadonlyMap<string, string>, schema: Schema): readonly Diagnostic[] {
  const diagnostics = new Map<string, Diagnostic>();
  const good = readFiles(files, { validator: createValidator(), diagnostics });
  diagnostics.clear(); // faults of the files themselves are told by compileManifest
  const tables = new Map<string, TableIndex | undefined>();
  for (const { name, site } of good.table) {
    const { name: logicalName, set } = yamlOf<TableYaml>(site)['x-table'];
    const table = schema.table(logicalName);
    for (const key of [name, `/${set}`]) tables.set(key, table);
    lintTable(yamlOf<TableYaml>(site), table, site);
  }
  for (const file of [...good.action, ...good.trigger]) lintOperation(file, schema, tables);
  return [...diagnostics.values()];
}

function yamlOf<Yaml>(site: Site): Yaml {
  return site.source.data as unknown as Yaml;
}

function lintTable(yaml: TableYaml, table: TableIndex | undefined, site: Site): void {
  if (table === undefined) {
    const message = `the organisation has no table ${yaml['x-table'].name}`;
    site
      .at('x-table', 'name')
      .warning('Q105', message, { fix: 'install its solution, or leave the file out' });
    return;
  }
  for (const [name, property] of Object.entries(yaml.properties)) {
    lintColumn(property, table, site.at('properties', name));
  }
}

function lintColumn(yaml: PropertyYaml, table: TableIndex, site: Site): void {
  const lookup = yaml['x-lookup'];
  const written = lookup?.column ?? yaml['x-column'];
  if (written === undefined) return;
  const at = lookup === undefined ? site.at('x-column') : site.at('x-lookup', 'column');
  const column = table.attribute(written);
  if (column === undefined) {
    const [near] = table.columnsLike(written);
    at.warning('Q110', `the table ${table.table.name} has no column ${written}`, {
      fix: near && `did you mean ${near.name}?`,
    });
    return;
  }
  for (const [target, way] of Object.entries(lookup?.targets ?? {})) {
    const navigation = typeof way === 'string' ? way : way.navigation;
    if (table.navigation(navigation) !== undefined) continue;
    const [near] = table.navigationsLike(navigation);
    const message = `the table ${table.table.name} has no navigation property ${navigation}`;
    site
      .at('x-lookup', 'targets', target)
      .warning('Q113', message, { fix: near && `did you mean ${near.name}?` });
  }
  lintChoices(yaml['x-choices'], column.choices, site);
}

function lintChoices(
  ours: PropertyYaml['x-choices'],
  theirs: readonly { readonly value: number; readonly label: string }[] | undefined,
  site: Site,
): void {
  if (ours === undefined || theirs === undefined) return;
  for (const [label, value] of Object.entries(ours)) {
    const choice = theirs.find((one) => one.value === value);
    if (choice !== undefined && fold(choice.label) === fold(label)) continue;
    const message =
      choice === undefined
        ? `the organisation has no choice ${value}`
        : `in the organisation ${value} is “${choice.label}”, not ${label}`;
    site.at('x-choices', label).warning('Q122', message, { key: true });
  }
  const more = theirs.filter(({ value }) => !Object.values(ours).includes(value));
  if (more.length === 0) return;
  const named = more.slice(0, 8).map(({ value, label }) => `${value} ${label}`);
  site.at('x-choices').warning('Q122', `the organisation also has ${named.join(', ')}`, { key: true });
}

function lintOperation(
  { site }: GoodFile,
  schema: Schema,
  tables: ReadonlyMap<string, TableIndex | undefined>,
): void {
  const { request, watch } = yamlOf<Partial<Pick<ActionYaml, 'request'> & Pick<TriggerYaml, 'watch'>>>(site);
  const named = watch?.table ?? request?.list ?? request?.path?.replace(/[(?].*/s, '');
  const table = tables.get(named ?? '');
  if (table === undefined) return;
  const lint = (option: OptionName, text: string, at: Site) => lintText({ option, text, schema, table }, at);
  for (const [index, text] of (watch?.where ?? []).entries())
    lint('$filter', text, site.at('watch', 'where', index));
  for (const [index, text] of (request?.where ?? []).entries())
    lint('$filter', text, site.at('request', 'where', index));
  for (const [option, value] of Object.entries(request?.query ?? {})) {
    const at = site.at('request', 'query', option);
    if (!/^\$(filter|select|orderby|expand|apply)$/.test(option)) continue;
    if (typeof value === 'string') lint(option as OptionName, value, at);
    else for (const [index, text] of value.entries()) lint(option as OptionName, text, at.at(index));
  }
}

interface Lint {
  readonly option: OptionName;
  readonly text: string;
  readonly schema: Schema;
  readonly table: TableIndex;
}

/** What fits where a hole stands, without saying anything of its type. */
const samples: Readonly<Record<string, string>> = { 'filter-text': "'a'", 'filter-list': '["1"]' };

function lintText({ option, text, schema, table }: Lint, site: Site): void {
  const parts = text.split(/\{\{[^}]*\}\}/);
  const located = option === '$filter' ? locateHoles(parts) : undefined;
  if (parts.length > 1 && !located?.ok) return;
  const positions = located?.ok ? located.positions : [];
  if (positions.includes('filter-name') || positions.includes('condition')) return;
  const filled = fillHoles(parts);
  const aliases = new Map(
    filled.holes.map(({ name }, index) => [name, samples[positions[index]!] ?? 'null']),
  );
  const isHole = (start: number) => filled.holes.some((hole) => hole.start === start);
  for (const { code, message, fix, start, end } of checkOption(option, filled.text, {
    schema,
    table,
    aliases,
  }).faults) {
    if (isHole(start)) continue;
    site.warning(code, sentence(message), { text: filled.text.slice(start, end), fix: fix && sentence(fix) });
  }
}
