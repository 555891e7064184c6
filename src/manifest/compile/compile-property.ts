import { suggest } from '../../errors/suggest.ts';
import { omitUndefined } from '../../model/omit-undefined.ts';
import type { MemberType } from '../../model/template.ts';
import { toWireName } from '../../odata/wire-name.ts';
import type { SourceNode } from '../read/source-node.ts';
import { suggestValue } from '../read/suggest-value.ts';
import type { PropertyYaml } from '../read/yaml-types.ts';
import { compileChoices } from './compile-choices.ts';
import type { CompileContext, CompiledTable } from './compile-context.ts';
import { compileLookup } from './compile-lookup.ts';
import { compileParties } from './compile-parties.ts';
import { compileScalar } from './compile-scalar.ts';
import {
  type CompiledProperties,
  type CompiledProperty,
  inputAnnotations,
  objectSchema,
  outputAnnotations,
  pickKeywords,
  toNullable,
} from './compiled-property.ts';
import { isTableRef, resolveColumnRef, resolveTableRef } from './resolve-refs.ts';

/** Compiles one property of an input, output or table; undefined if it has errors. */
export function compileProperty(
  yaml: PropertyYaml,
  node: SourceNode,
  context: CompileContext,
): CompiledProperty | undefined {
  if (node.isBroken) return undefined;
  if (yaml.$ref !== undefined) return compileRef(yaml, node, context);
  const property = withColumn(yaml, compileKind(yaml, node, context));
  return property && checkDefault(yaml, property, { node, context });
}

function checkDefault(
  yaml: PropertyYaml,
  property: CompiledProperty,
  { node, context }: { readonly node: SourceNode; readonly context: CompileContext },
): CompiledProperty | undefined {
  if (yaml.default === undefined) return property;
  const issues = context.validator.detailedIssues(property.input, yaml.default);
  const at = node.at('default');
  for (const { message, expected } of issues) {
    const suggestion = suggestValue(yaml.default, at.raw, expected) ?? { fix: 'correct it, or remove it' };
    at.error('S114', `the default ${message}`, suggestion);
  }
  return issues.length === 0 ? property : undefined;
}

/** A column of a table or a whole row of it, with the title, description, default and name of this use. */
function compileRef(
  yaml: PropertyYaml,
  node: SourceNode,
  context: CompileContext,
): CompiledProperty | undefined {
  const at = node.at('$ref');
  const found = isTableRef(yaml)
    ? rowProperty(resolveTableRef(yaml, node, context))
    : resolveColumnRef(yaml.$ref ?? '', at, context);
  return (
    found &&
    checkDefault(
      yaml,
      {
        ...found,
        input: { ...found.input, ...inputAnnotations(yaml) },
        output: { ...found.output, ...outputAnnotations(yaml) },
      },
      { node, context },
    )
  );
}

function withColumn(
  yaml: PropertyYaml,
  property: CompiledProperty | undefined,
): CompiledProperty | undefined {
  const name = yaml['x-lookup']?.column ?? yaml['x-column'];
  if (property === undefined || name === undefined) return property;
  return { ...property, column: toWireName({ name, type: property.type.kind }) };
}

function compileKind(
  yaml: PropertyYaml,
  node: SourceNode,
  context: CompileContext,
): CompiledProperty | undefined {
  if (yaml['x-lookup'] !== undefined) return compileLookup(yaml, node, context);
  if (yaml['x-parties'] !== undefined) return compileParties(yaml, node, context);
  if (yaml['x-choices'] !== undefined) return compileChoices(yaml, node);
  if (yaml.type === 'array') return compileArray(yaml, node, context);
  if (yaml.type === 'object') return compileObject(yaml, node, context);
  return compileScalar(yaml, node);
}

/** Compiles a map of properties. Those with errors are left out; their names are in `invalid`. */
export function compileProperties(
  { properties = {}, required = [] }: Pick<PropertyYaml, 'properties' | 'required'>,
  node: SourceNode,
  context: CompileContext,
): CompiledProperties {
  const known = new Map<string, CompiledProperty>();
  const present = new Set(required);
  const broken = new Set<string>();
  for (const [name, yaml] of Object.entries(properties)) {
    const property = compileProperty(yaml, node.at('properties', name), context);
    if (property === undefined) broken.add(name);
    else known.set(name, property);
    if (property?.input.default !== undefined) present.add(name);
  }
  checkRequired(required, Object.keys(properties), node);
  return { known, alwaysPresent: present, invalid: broken };
}

/** Reports names in `required` that are not properties. Returns whether there are none. */
export function checkRequired(
  required: readonly string[],
  known: readonly string[],
  node: SourceNode,
): boolean {
  const unknown = required.filter((name) => !known.includes(name));
  for (const name of unknown) {
    const [nearest] = suggest(name, known, 1);
    const fix =
      nearest === undefined
        ? `add ${name} to the properties, or remove it here`
        : `did you mean "${nearest}"?`;
    const at = node.at('required', required.indexOf(name));
    at.error('S105', `"${name}" is required but is not a property`, { fix });
  }
  return unknown.length === 0;
}

function compileArray(
  yaml: PropertyYaml,
  node: SourceNode,
  context: CompileContext,
): CompiledProperty | undefined {
  if (yaml.items === undefined) {
    node.error('S107', 'a list needs the type of its items', { fix: 'add items: { type: string }' });
    return undefined;
  }
  const items = compileProperty(yaml.items, node.at('items'), context);
  if (items === undefined) return undefined;
  const rules = pickKeywords(yaml, ['minItems', 'maxItems', 'uniqueItems']);
  const type =
    items.type.kind === 'name'
      ? omitUndefined({ ...items.type, kind: 'names' as const, separator: yaml['x-join'] })
      : undefined;
  return {
    type: type ?? { kind: 'array', items: items.type },
    input: { ...inputAnnotations(yaml), ...rules, type: 'array', items: items.input },
    output: { ...outputAnnotations(yaml), type: ['array', 'null'], items: items.output },
  };
}

function compileObject(yaml: PropertyYaml, node: SourceNode, context: CompileContext): CompiledProperty {
  const properties = compileProperties(yaml, node, context);
  const schemas = (side: 'input' | 'output') =>
    new Map([...properties.known].map(([name, property]) => [name, property[side]]));
  const isOpen = yaml.additionalProperties === true || undefined;
  const open = isOpen ? { additionalProperties: true } : {};
  return {
    type: omitUndefined({ kind: 'object' as const, members: memberTypes(yaml, properties), isOpen }),
    input: { ...inputAnnotations(yaml), ...objectSchema(schemas('input'), yaml.required ?? []), ...open },
    output: {
      ...outputAnnotations(yaml),
      type: ['object', 'null'],
      properties: Object.fromEntries(schemas('output')),
    },
    properties,
  };
}

/** How each member is written and read; undefined if there are none. */
function memberTypes(
  { properties: yamls = {} }: PropertyYaml,
  { known }: CompiledProperties,
): Readonly<Record<string, MemberType>> | undefined {
  if (known.size === 0) return undefined;
  const members = [...known].map(([name, { type, column }]) => {
    const wireName = yamls[name]?.['x-column'] ?? name;
    return [
      name,
      omitUndefined({ type, wireName, column: column === wireName ? undefined : column }),
    ] as const;
  });
  return Object.fromEntries(members);
}

/** A row of a table file: with its columns on output, and on input those that can be written. */
function rowProperty(compiled: CompiledTable | undefined): CompiledProperty | undefined {
  if (compiled === undefined) return undefined;
  const { table, properties } = compiled;
  const required = table.columns.filter((column) => column.required).map(({ name }) => name);
  return {
    type: { kind: 'row', table: table.name },
    input: { title: table.title, ...objectSchema(new Map(Object.entries(table.inputProperties)), required) },
    output: toNullable(table.rowSchema),
    properties: { known: properties, alwaysPresent: new Set(required) },
  };
}
