import type { OutputShape } from '../model/definition.ts';
import type { JsonSchema } from '../model/json.ts';
import { compileProperty } from './compile-property.ts';
import type { Verb } from './compile-request.ts';
import { isWholeTable, wholeTable } from './references.ts';
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
  return property && { output: { kind: 'json' }, outputSchema: property.output };
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
