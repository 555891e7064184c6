import type { OutputShape } from '../model/definition.ts';
import type { JsonSchema } from '../model/json.ts';
import { omitUndefined } from '../model/omit-undefined.ts';
import type { CompileContext, CompiledTable } from './compile-context.ts';
import { compileProperty } from './compile-property.ts';
import type { TableRequestForm } from './request-form.ts';
import { isTableRef, resolveTableRef } from './resolve-refs.ts';
import type { SourceNode } from './source-node.ts';
import type { ActionYaml, PropertyYaml } from './yaml-types.ts';

export interface CompiledOutput {
  readonly output: OutputShape;
  readonly outputSchema: JsonSchema;
}

const noOutput: CompiledOutput = { output: { kind: 'none' }, outputSchema: { type: 'null' } };

/** Compiles the output: the verb of a table request implies it, a plain request may declare it. Undefined if it has errors. */
export function compileOutput(
  { output }: ActionYaml,
  form: TableRequestForm | 'plain',
  { node, context }: { node: SourceNode; context: CompileContext },
): CompiledOutput | undefined {
  if (form === 'plain')
    return output === undefined ? noOutput : compileDeclaredOutput(output, node.at('output'), context);
  if (output !== undefined) {
    const fix = 'remove it';
    node.at('output').error('M111', `the output of ${form.verb} follows from its table`, { key: true, fix });
    return undefined;
  }
  if (form.verb === 'delete') return noOutput;
  if (form.verb === 'count') return { output: { kind: 'count' }, outputSchema: { type: 'integer' } };
  return form.verb === 'list' ? rowsOutput(form.table) : rowOutput(form.table);
}

function compileDeclaredOutput(
  yaml: PropertyYaml,
  node: SourceNode,
  context: CompileContext,
): CompiledOutput | undefined {
  if (isTableRef(yaml)) {
    const table = resolveTableRef(yaml, node, context);
    return table && rowOutput(table);
  }
  if (yaml.type === 'array' && yaml.items !== undefined && isTableRef(yaml.items)) {
    const table = resolveTableRef(yaml.items, node.at('items'), context);
    return table && rowsOutput(table);
  }
  const property = compileProperty(yaml, node, context);
  if (property === undefined) return undefined;
  const { type, output: outputSchema } = property;
  if (type.items?.targets !== undefined)
    return { output: { kind: 'links', targets: type.items.targets }, outputSchema };
  return { output: omitUndefined({ kind: 'json' as const, names: readWireNames(yaml) }), outputSchema };
}

/** Our names of the members of a response, where they differ from Dataverse's. */
function readWireNames({ properties = {} }: PropertyYaml): Readonly<Record<string, string>> | undefined {
  const names = Object.entries(properties).flatMap(([name, { 'x-column': wire }]) =>
    wire === undefined ? [] : [[name, wire] as const],
  );
  return names.length === 0 ? undefined : Object.fromEntries(names);
}

function rowOutput({ table }: CompiledTable): CompiledOutput {
  return { output: { kind: 'row', table: table.name }, outputSchema: table.rowSchema };
}

function rowsOutput({ table }: CompiledTable): CompiledOutput {
  return {
    output: { kind: 'rows', table: table.name },
    outputSchema: { type: 'array', items: table.rowSchema },
  };
}
