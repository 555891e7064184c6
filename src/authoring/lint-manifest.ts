import { toDiagnosticMessage } from '../errors/to-diagnostic-message.ts';
import { readFiles, type ValidFile } from '../manifest/read-files.ts';
import type { SourceNode } from '../manifest/source-node.ts';
import type { ActionYaml, PropertyYaml, TableYaml, TriggerYaml } from '../manifest/yaml-types.ts';
import type { Diagnostic } from '../model/diagnostic.ts';
import { type CheckedOptionName, checkOption } from '../odata/check/check-option.ts';
import type { MetadataSchema, TableIndex } from '../odata/check/table-index.ts';
import { normalizeName } from '../odata/check/table-index.ts';
import { locateFilterPlaceholders } from '../odata/placeholders/locate-filter-placeholders.ts';
import { fillPlaceholders } from '../odata/placeholders/placeholder-positions.ts';
import { createValidator } from '../validation/validator.ts';

/**
 * Compares a manifest with the tables of an organization. Warns of columns and navigation properties that the
 * organization lacks, of different choices, and of unknown names in filters. There are only warnings, since another
 * organization may have them.
 *
 * @param files the YAML files by path
 * @param schema the tables of the organization, or of a snapshot
 */
export function lintManifest(
  files: ReadonlyMap<string, string>,
  schema: MetadataSchema,
): readonly Diagnostic[] {
  const diagnostics = new Map<string, Diagnostic>();
  const valid = readFiles(files, { validator: createValidator(), diagnostics });
  // compileManifest reports the diagnostics of the files themselves.
  diagnostics.clear();
  const tables = new Map<string, TableIndex | undefined>();
  for (const { name, node } of valid.table) {
    const { name: logicalName, entitySet } = yamlOf<TableYaml>(node)['x-table'];
    const table = schema.table(logicalName);
    for (const key of [name, `/${entitySet}`]) tables.set(key, table);
    lintTable(yamlOf<TableYaml>(node), table, node);
  }
  for (const file of [...valid.action, ...valid.trigger]) lintOperation(file, schema, tables);
  return [...diagnostics.values()];
}

function yamlOf<Yaml>(node: SourceNode): Yaml {
  return node.source.data as unknown as Yaml;
}

function lintTable(yaml: TableYaml, table: TableIndex | undefined, node: SourceNode): void {
  if (table === undefined) {
    const message = `the organization has no table ${yaml['x-table'].name}`;
    node
      .at('x-table', 'name')
      .warning('Q105', message, { fix: 'install the solution that has the table, or remove the file' });
    return;
  }
  for (const [name, property] of Object.entries(yaml.properties)) {
    lintColumn(property, table, node.at('properties', name));
  }
}

function lintColumn(yaml: PropertyYaml, table: TableIndex, node: SourceNode): void {
  const lookup = yaml['x-lookup'];
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
    const navigation = typeof value === 'string' ? value : value.navigation;
    if (table.navigation(navigation) !== undefined) continue;
    const [near] = table.similarNavigations(navigation);
    const message = `the table ${table.table.name} has no navigation property ${navigation}`;
    node
      .at('x-lookup', 'targets', target)
      .warning('Q113', message, { fix: near && `did you mean ${near.name}?` });
  }
  lintChoices(yaml['x-choices'], column.choices, node);
}

function lintChoices(
  manifestChoices: PropertyYaml['x-choices'],
  organizationChoices: readonly { readonly value: number; readonly label: string }[] | undefined,
  node: SourceNode,
): void {
  if (manifestChoices === undefined || organizationChoices === undefined) return;
  for (const [label, value] of Object.entries(manifestChoices)) {
    const choice = organizationChoices.find((one) => one.value === value);
    if (choice !== undefined && normalizeName(choice.label) === normalizeName(label)) continue;
    const message =
      choice === undefined
        ? `the organization has no choice ${value}`
        : `in the organization ${value} is “${choice.label}”, not ${label}`;
    node.at('x-choices', label).warning('Q122', message, { key: true });
  }
  const more = organizationChoices.filter(({ value }) => !Object.values(manifestChoices).includes(value));
  if (more.length === 0) return;
  const named = more.slice(0, 8).map(({ value, label }) => `${value} ${label}`);
  node.at('x-choices').warning('Q122', `the organization also has ${named.join(', ')}`, { key: true });
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
  const parts = text.split(/\{\{[^}]*\}\}/);
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
