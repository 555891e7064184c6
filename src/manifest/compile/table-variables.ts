import { suggest } from '../../errors/suggest.ts';
import type { Json } from '../../model/json.ts';
import { lowerFirst } from '../../model/lower-first.ts';
import { parseTemplate } from '../../template/parse-template.ts';
import type { SourceNode } from '../read/source-node.ts';
import type { TableInfo } from './compile-context.ts';

/** The names of `{{table.*}}` in a template file. */
export const tableVariableNames = [
  'name',
  'title',
  'plural',
  'titleLower',
  'pluralLower',
  'logicalName',
  'entitySet',
  'key',
  'primaryName',
] as const;

/** The values of `{{table.*}}` in a template file. */
export type TableVariables = Readonly<Record<string, string>>;

/** The table variables of one table: `{{table.titleLower}}` is "case", `{{table.plural}}` is "Cases". */
export function createTableVariables(
  name: string,
  { title, plural, logicalName, entitySet, key, primaryName }: TableInfo,
): Readonly<Record<(typeof tableVariableNames)[number], string>> {
  return {
    name,
    title,
    plural,
    titleLower: lowerFirst(title),
    pluralLower: lowerFirst(plural),
    logicalName,
    entitySet,
    key,
    primaryName,
  };
}

/** Replaces `{{table.*}}` in the data of a template file by the values of one table; keeps all other placeholders. */
export function fillTableVariables(data: Json, variables: TableVariables, node: SourceNode): Json {
  if (typeof data === 'string') return fillText(data, variables, node);
  if (data === null || typeof data !== 'object') return data;
  if (Array.isArray(data))
    return data.map((item: Json, index) => fillTableVariables(item, variables, node.at(index)));
  return Object.fromEntries(
    Object.entries(data).map(([key, value]) => [
      fillText(key, variables, node.at(key)),
      fillTableVariables(value as Json, variables, node.at(key)),
    ]),
  );
}

function fillText(text: string, variables: TableVariables, node: SourceNode): string {
  if (!text.includes('{{table')) return text;
  // A text with errors is reported later, when it is compiled as a template.
  const { parts } = parseTemplate(text);
  if (parts.length === 0) return text;
  const filled = parts.map((part) => {
    if (typeof part === 'string') return part;
    const raw = text.slice(part.start, part.end);
    const [root, name = '', ...more] = part.path;
    if (root !== 'table') return raw;
    if (more.length === 0 && Object.hasOwn(variables, name)) return variables[name];
    const [nearest] = suggest(name, Object.keys(variables), 1);
    const fix = nearest
      ? `did you mean {{table.${nearest}}}?`
      : `use one of: ${Object.keys(variables).join(', ')}`;
    node.error('T112', `${raw}: there is no such table variable`, { text: raw, fix });
    return name;
  });
  return filled.join('');
}
