import { toDiagnosticMessage } from '../errors/to-diagnostic-message.ts';
import type { ManifestPackage } from '../manifest/read/manifest-package.ts';
import type { MergedColumn } from '../manifest/read/merge-column.ts';
import { type MergedTable, mergeTables } from '../manifest/read/merge-tables.ts';
import { readFiles, type ValidFile } from '../manifest/read/read-files.ts';
import type { SourceNode } from '../manifest/read/source-node.ts';
import type { ActionYaml, PropertyYaml, TriggerYaml } from '../manifest/read/yaml-types.ts';
import { isChoiceLabelOf } from '../metadata/choice-label.ts';
import type { Diagnostic } from '../model/diagnostic.ts';
import { type CheckedOptionName, checkOption } from '../odata/check/check-option.ts';
import type { MetadataSchema, TableIndex } from '../odata/check/table-index.ts';
import { normalizeName } from '../odata/check/table-index.ts';
import { locateFilterPlaceholders } from '../odata/placeholders/locate-filter-placeholders.ts';
import { fillPlaceholders } from '../odata/placeholders/placeholder-positions.ts';
import { createValidator } from '../validation/validator.ts';

/**
 * Compares the files of a connector with the tables of an organization. Warns of columns and navigation properties that
 * the organization lacks, of different choices, and of unknown names in filters. There are only warnings, since another
 * organization may have them. What the metadata does not tell is not judged, and the files of a base are for its authors.
 *
 * @param packages the YAML files of the connector and of those that it extends
 * @param schema the tables of the organization, or of a snapshot
 */
export function lintManifest(
  packages: readonly ManifestPackage[],
  schema: MetadataSchema,
): readonly Diagnostic[] {
  const diagnostics = new Map<string, Diagnostic>();
  const valid = readFiles(packages, { validator: createValidator(), diagnostics });
  const merged = mergeTables(valid.table);
  // compileManifest reports the diagnostics of the files themselves.
  diagnostics.clear();
  const tables = new Map<string, TableIndex | undefined>();
  const logicalNames = new Map(merged.tables.map(({ name, yaml }) => [name, yaml['x-table'].name]));
  for (const one of merged.tables) {
    const { name: logicalName, entitySet } = one.yaml['x-table'];
    const table = schema.table(logicalName);
    for (const key of [one.name, `/${entitySet}`]) tables.set(key, table);
    lintTable(one, table, (target) => logicalNames.get(target));
  }
  for (const file of [...valid.action, ...valid.trigger])
    if (!file.layer.isBase) lintOperation(file, schema, tables);
  return [...diagnostics.values()];
}

function yamlOf<Yaml>(node: SourceNode): Yaml {
  return node.source.data as unknown as Yaml;
}

/** The logical name of a table, by ours. */
type FindLogicalName = (name: string) => string | undefined;

function lintTable(
  { yaml, node, columns, layer }: MergedTable,
  table: TableIndex | undefined,
  findLogicalName: FindLogicalName,
): void {
  if (table === undefined && layer.isBase) return;
  if (table === undefined) {
    const message = `the organization has no table ${yaml['x-table'].name}`;
    node
      .at('x-table', 'name')
      .warning('Q105', message, { fix: 'install the solution that has the table, or remove the file' });
    return;
  }
  const own = [...columns.values()].filter((column) => !column.layer.isBase);
  for (const column of own) lintColumn(column, table, findLogicalName);
}

function lintColumn(
  { yaml, node }: Pick<MergedColumn, 'yaml' | 'node'>,
  table: TableIndex,
  findLogicalName: FindLogicalName,
): void {
  const lookup = yaml['x-lookup'];
  const collection = yaml['x-collection'];
  if (collection !== undefined) {
    const target = findLogicalName(collection.table) ?? collection.table;
    const isTold = table.table.navigations.some((one) => one.kind !== 'manyToOne' && one.target === target);
    if (isTold) lintNavigation(collection.navigation, table, node.at('x-collection', 'navigation'));
  }
  const written = lookup?.column ?? yaml['x-column'];
  if (written === undefined) return;
  const at = lookup === undefined ? node.at('x-column') : node.at('x-lookup', 'column');
  const column = table.columnByLogicalName(written);
  if (column === undefined) {
    const [near] = table.similarColumns(written);
    at.warning('Q110', `the table ${table.table.name} has no column ${written}`, {
      fix: near && `did you mean ${near.name}?`,
    });
    return;
  }
  for (const [target, value] of Object.entries(lookup?.targets ?? {})) {
    const [navigation, named] = typeof value === 'string' ? [value] : [value.navigation, value.name];
    const logicalName = named ?? findLogicalName(target) ?? target;
    const isTold = table.table.navigations.some(
      (one) => one.column === column.name && one.target === logicalName,
    );
    if (isTold) lintNavigation(navigation, table, node.at('x-lookup', 'targets', target));
  }
  lintChoices(yaml['x-choices'], column.choices, node);
}

function lintNavigation(navigation: string, table: TableIndex, node: SourceNode): void {
  if (table.navigation(navigation) !== undefined) return;
  const [near] = table.similarNavigations(navigation);
  const message = `the table ${table.table.name} has no navigation property ${navigation}`;
  node.warning('Q113', message, { fix: near && `did you mean ${near.name}?` });
}

function lintChoices(
  manifestChoices: PropertyYaml['x-choices'],
  organizationChoices: readonly { readonly value: number; readonly label: string }[] | undefined,
  node: SourceNode,
): void {
  if (manifestChoices === undefined || organizationChoices === undefined) return;
  for (const [label, value] of Object.entries(manifestChoices)) {
    const choice = organizationChoices.find((one) => one.value === value);
    // A label is the author's own word, unless the organization uses it for another choice.
    const other = organizationChoices.find((one) => one.value !== value && hasLabel(one, label));
    if (choice !== undefined && (hasLabel(choice, label) || other === undefined)) continue;
    const message =
      choice === undefined
        ? `the organization has no choice ${value}`
        : `in the organization ${value} is “${choice.label}”, and ${label} is ${other?.value}`;
    node.at('x-choices', label).warning('Q122', message, {
      key: true,
      fix: other === undefined ? 'remove it, or run d365 learn' : `write ${label}: ${other.value}`,
    });
  }
  const more = organizationChoices.filter(
    ({ value }) => value <= maxStandardChoice && !Object.values(manifestChoices).includes(value),
  );
  if (more.length === 0) return;
  const named = more.slice(0, 8).map(({ value, label }) => `${value} ${label}`);
  node.at('x-choices').warning('Q122', `the organization also has ${named.join(', ')}`, {
    key: true,
    fix: 'add them, or run d365 learn',
  });
}

/** Choices that an organization adds to a column of Microsoft have higher numbers: they begin with those of a publisher. */
const maxStandardChoice = 99_999;

function hasLabel(choice: { readonly value: number; readonly label: string }, label: string): boolean {
  return normalizeName(choice.label) === normalizeName(label) || isChoiceLabelOf(label, choice);
}

function lintOperation(
  { node }: ValidFile,
  schema: MetadataSchema,
  tables: ReadonlyMap<string, TableIndex | undefined>,
): void {
  const { request, watch } = yamlOf<Partial<Pick<ActionYaml, 'request'> & Pick<TriggerYaml, 'watch'>>>(node);
  const named = watch?.table ?? request?.list ?? request?.path?.replace(/[(?].*/s, '');
  const table = tables.get(named ?? '');
  if (table === undefined) return;
  const lint = (option: CheckedOptionName, text: string, at: SourceNode) =>
    lintText({ option, text, schema, table }, at);
  for (const [index, text] of (watch?.where ?? []).entries())
    lint('$filter', text, node.at('watch', 'where', index));
  for (const [index, text] of (request?.where ?? []).entries())
    lint('$filter', text, node.at('request', 'where', index));
  for (const [option, value] of Object.entries(request?.query ?? {})) {
    const at = node.at('request', 'query', option);
    if (!/^\$(filter|select|orderby|expand|apply)$/.test(option)) continue;
    if (typeof value === 'string') lint(option as CheckedOptionName, value, at);
    else for (const [index, text] of value.entries()) lint(option as CheckedOptionName, text, at.at(index));
  }
}

interface Lint {
  readonly option: CheckedOptionName;
  readonly text: string;
  readonly schema: MetadataSchema;
  readonly table: TableIndex;
}

/** Sample values for placeholders, by position; `null` is valid in all other positions. */
const samplePlaceholders: Readonly<Record<string, string>> = { 'filter-text': "'a'", 'filter-list': '["1"]' };

function lintText({ option, text, schema, table }: Lint, node: SourceNode): void {
  const parts = text.split(/\{\{[^{}]*\}\}/);
  const located = option === '$filter' ? locateFilterPlaceholders(parts) : undefined;
  if (parts.length > 1 && !located?.ok) return;
  const positions = located?.ok ? located.positions : [];
  if (positions.includes('filter-name') || positions.includes('condition')) return;
  const filled = fillPlaceholders(parts);
  const aliases = new Map(
    filled.placeholders.map(({ name }, index) => [
      name,
      samplePlaceholders[positions[index] ?? ''] ?? 'null',
    ]),
  );
  const isPlaceholder = (start: number) => filled.placeholders.some((one) => one.start === start);
  const { diagnostics } = checkOption(option, filled.text, { schema, table, aliases });
  for (const { code, message, fix, start, end } of diagnostics) {
    if (isPlaceholder(start)) continue;
    node.warning(code, toDiagnosticMessage(message), {
      text: filled.text.slice(start, end),
      fix: fix && toDiagnosticMessage(fix),
    });
  }
}
