import type { OutputShape } from '../model/definition.ts';
import type { JsonSchema } from '../model/json.ts';
import { compileProperty } from './compile-property.ts';
import { isWholeTable, wholeTable } from './references.ts';
import type { Verb } from './request-form.ts';
import type { ActionYaml, PropertyYaml } from './shapes.ts';
import type { Site } from './site.ts';
import type { CompiledTable, Workshop } from './workshop.ts';

export interface CompiledOutput {
  readonly output: OutputShape;
  readonly outputSchema: JsonSchema;
}

const nothing: CompiledOutput = { output: { kind: 'none' }, outputSchema: { type: 'null' } };

/** What comes back: a verb says it, a plain request may; undefined after a fault. */
export function compileOutput(
  { output }: ActionYaml,
  form: Verb | 'plain',
  { site, shop }: { site: Site; shop: Workshop },
): CompiledOutput | undefined {
  if (form === 'plain') return output === undefined ? nothing : compileShape(output, site.at('output'), shop);
  if (output !== undefined) {
    const fix = 'leave it out';
    site.at('output').error('M111', `a ${form.verb} answers what it speaks of`, { key: true, fix });
    return undefined;
  }
  if (form.verb === 'delete') return nothing;
  if (form.verb === 'count') return { output: { kind: 'count' }, outputSchema: { type: 'integer' } };
  return form.verb === 'list' ? rowsOf(form.table) : rowOf(form.table);
}

function compileShape(yaml: PropertyYaml, site: Site, shop: Workshop): CompiledOutput | undefined {
  if (isWholeTable(yaml)) {
    const table = wholeTable(yaml, site, shop);
    return table && rowOf(table);
  }
  if (yaml.type === 'array' && yaml.items !== undefined && isWholeTable(yaml.items)) {
    const table = wholeTable(yaml.items, site.at('items'), shop);
    return table && rowsOf(table);
  }
  const property = compileProperty(yaml, site, shop);
  if (property === undefined) return undefined;
  const { type, output: outputSchema } = property;
  if (type.items?.targets !== undefined)
    return { output: { kind: 'links', targets: type.items.targets }, outputSchema };
  return { output: { kind: 'json', ...namesOf(yaml) }, outputSchema };
}

/** Our names of an answer's members, where they differ. */
function namesOf({ properties = {} }: PropertyYaml): { readonly names?: Readonly<Record<string, string>> } {
  const names = Object.entries(properties).flatMap(([name, { 'x-column': wire }]) =>
    wire === undefined ? [] : [[name, wire] as const],
  );
  return names.length === 0 ? {} : { names: Object.fromEntries(names) };
}

function rowOf({ table }: CompiledTable): CompiledOutput {
  return { output: { kind: 'row', table: table.name }, outputSchema: table.rowSchema };
}

function rowsOf({ table }: CompiledTable): CompiledOutput {
  return {
    output: { kind: 'rows', table: table.name },
    outputSchema: { type: 'array', items: table.rowSchema },
  };
}
