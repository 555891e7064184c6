import { isJsonObject, type JsonObject } from '../../model/json.ts';
import type { EditedFile, LanguageModel } from './language-model.ts';

/** A step above the cursor, as far as it is written. */
export interface WrittenStep {
  readonly name: string | undefined;
  readonly action: string | undefined;
}

/** The steps before the cursor, and the one that it is in, read by their lines: a text that is being written is rarely YAML. */
export function stepsAt(
  { text }: EditedFile,
  offset: number,
): { readonly earlier: readonly WrittenStep[]; readonly current: WrittenStep | undefined } {
  const key = /^steps:/m.exec(text);
  if (key === null) return { earlier: [], current: undefined };
  const head = text.slice(0, key.index + key[0].length);
  const [block = ''] = text.slice(head.length).split(/^(?=\S)/m, 1);
  const [first] = /\n *- /.exec(block) ?? [];
  if (first === undefined) return { earlier: [], current: undefined };
  const starts = [...block.matchAll(new RegExp(`${first}`, 'g'))].map(({ index }) => index);
  const at = starts.findLastIndex((start) => head.length + start < offset);
  const steps = starts.map((start, index) => readStep(block.slice(start, starts[index + 1])));
  return { earlier: steps.slice(0, Math.max(at, 0)), current: steps[at] };
}

function readStep(text: string): WrittenStep {
  const [, name] = /[\s{,]name:\s*([\w-]+)/.exec(text) ?? [];
  const [, action] = /[\s{,]action:\s*([\w.-]+)/.exec(text) ?? [];
  return { name, action };
}

/** The inputs or the outputs of an action, with their schemas. */
export function propertiesOf(
  id: string | undefined,
  kind: 'input' | 'outputSchema',
  { operations: { actions } }: LanguageModel,
): readonly (readonly [name: string, schema: JsonObject])[] {
  const schema = id === undefined ? undefined : actions[id]?.[kind];
  const properties = isJsonObject(schema?.properties) ? schema.properties : {};
  return Object.entries(properties).flatMap(([name, one]) =>
    isJsonObject(one) ? [[name, one] as const] : [],
  );
}

/** The labels that a schema lists. */
export function labelsOf(schema: JsonObject | undefined): readonly string[] {
  const branches = [schema ?? {}, ...(Array.isArray(schema?.anyOf) ? schema.anyOf : [])];
  return branches
    .flatMap((branch) => (isJsonObject(branch) && Array.isArray(branch.enum) ? branch.enum : []))
    .flatMap((value) => (typeof value === 'string' ? [value] : []));
}
