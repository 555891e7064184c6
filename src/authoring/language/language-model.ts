import type { CompiledOperations, ManifestSources } from '../../manifest/compile-manifest.ts';
import type { MergedTable } from '../../manifest/read/merge-tables.ts';
import { readYaml } from '../../manifest/read/read-yaml.ts';
import type { SourceFile } from '../../manifest/read/source-file.ts';
import type { PropertyYaml } from '../../manifest/read/yaml-types.ts';
import { isJsonObject, type JsonObject } from '../../model/json.ts';
import { tableVerbs } from './grammar-at.ts';

/** What completion, hover and go to definition know: the files as they are, and the operations that compile. */
export interface LanguageModel {
  readonly sources: ManifestSources;
  readonly operations: CompiledOperations;
}

/** A file that is being edited. */
export interface EditedFile {
  /** Its name in the package: `actions/case.escalate.yaml`. */
  readonly file: string;
  readonly text: string;
}

const verbPattern = new RegExp(`(?:^|[\\s{,])(?:${tableVerbs.join('|')}):\\s*([a-z][\\w-]*)`, 'm');
const watchPattern = /(?:^|[\s{,])table:\s*([a-z][\w-]*)/m;
const setPattern = /(?:^|[\s{,])path:\s*["']?\/([A-Za-z_]\w*)/m;

/** The table that an action or trigger is about. */
export function tableOf({ file, text }: EditedFile, { sources }: LanguageModel): MergedTable | undefined {
  const [, name] = (file.startsWith('triggers/') ? watchPattern : verbPattern).exec(text) ?? [];
  const [, set] = setPattern.exec(text) ?? [];
  const own = /^schemas\/tables\/(.+)\.yaml$/.exec(file)?.[1] ?? name;
  return sources.tables.find((table) => table.name === own || table.yaml['x-table'].entitySet === set);
}

/** The inputs of an operation: those of the file, and those that its table adds. */
export function inputsOf(edited: EditedFile, model: LanguageModel): ReadonlyMap<string, string> {
  const id = /^(?:actions|triggers)\/(.+)\.yaml$/.exec(edited.file)?.[1] ?? '';
  const { actions, triggers } = model.operations;
  const compiled = actions[id]?.input ?? triggers[id]?.input;
  const added = isJsonObject(compiled?.properties) ? compiled.properties : {};
  const own = ownInputs(edited);
  const all = { ...added, ...own } as Readonly<Record<string, PropertyYaml>>;
  return new Map(
    Object.entries(all).map(([name, { title, $ref, type }]) => [name, title ?? $ref ?? type ?? '']),
  );
}

function ownInputs({ file, text }: EditedFile): JsonObject {
  const input = dataOf(readYaml(file, text).source).input;
  const properties = isJsonObject(input) ? input.properties : undefined;
  if (isJsonObject(properties)) return properties;
  // The text is incomplete: the names that stand deeper than "properties".
  const block = blockOf(blockOf(text, /^input:/), /^ +properties:/);
  return Object.fromEntries([...block.matchAll(/^ {4}([a-z]\w*):/gm)].map(([, name = '']) => [name, {}]));
}

/** The lines below the first one that matches, up to the next key that is not indented. */
function blockOf(text: string, key: RegExp): string {
  const lines = text.split('\n');
  const start = lines.findIndex((line) => key.test(line));
  if (start < 0) return '';
  const end = lines.findIndex((line, at) => at > start && /^\S/.test(line));
  return lines.slice(start + 1, end < 0 ? undefined : end).join('\n');
}

function dataOf(source: SourceFile | undefined): JsonObject {
  return isJsonObject(source?.data) ? source.data : {};
}

/** One line about a column: its title, type and Dataverse's name. */
export function describeColumn(yaml: PropertyYaml): string {
  const choices = Object.entries(yaml['x-choices'] ?? {});
  const lookup = yaml['x-lookup'];
  const type =
    choices.length > 0
      ? choices.map(([label, number]) => `${label} (${number})`).join(', ')
      : lookup === undefined
        ? [yaml.type, yaml.format].filter(Boolean).join(', ')
        : `a row of ${Object.keys(lookup.targets).join(' or ')}`;
  const wire = yaml['x-column'] ?? lookup?.column ?? '';
  return `${yaml.title ?? ''} · ${type} · ${wire}${yaml.readOnly ? ' · read-only' : ''}`;
}
