import { suggest } from '../errors/suggest.ts';
import { omitUndefined } from '../model/omit-undefined.ts';
import { compileChoices } from './compile-choices.ts';
import type { CompileContext } from './compile-context.ts';
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
} from './compiled-property.ts';
import { resolveColumnRef } from './resolve-refs.ts';
import type { SourceNode } from './source-node.ts';
import type { PropertyYaml } from './yaml-types.ts';

/** Compiles one property of an input, output or table; undefined if it has errors. */
export function compileProperty(
  yaml: PropertyYaml,
  node: SourceNode,
  context: CompileContext,
): CompiledProperty | undefined {
  if (yaml.$ref !== undefined) return resolveColumnRef(yaml.$ref, node.at('$ref'), context);
  const property = compileKind(yaml, node, context);
  if (property === undefined || yaml.default === undefined) return property;
  const issues = context.validator.issues(property.input, yaml.default);
  for (const { message } of issues) node.at('default').error('S114', `the default ${message}`);
  return issues.length === 0 ? property : undefined;
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
    if (yaml.default !== undefined) present.add(name);
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
    const fix = nearest && `did you mean "${nearest}"?`;
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
  const open = yaml.additionalProperties === true ? { additionalProperties: true } : {};
  return {
    type: { kind: 'object' },
    input: { ...inputAnnotations(yaml), ...objectSchema(schemas('input'), yaml.required ?? []), ...open },
    output: {
      ...outputAnnotations(yaml),
      type: ['object', 'null'],
      properties: Object.fromEntries(schemas('output')),
    },
    properties,
  };
}
