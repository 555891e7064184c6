import { base64Pattern } from '../../model/base64-pattern.ts';
import type { JsonSchema } from '../../model/json.ts';
import type { PlaceholderType } from '../../model/template.ts';
import type { SourceNode } from '../read/source-node.ts';
import type { PropertyYaml } from '../read/yaml-types.ts';
import {
  type CompiledProperty,
  inputAnnotations,
  outputAnnotations,
  pickKeywords,
} from './compiled-property.ts';

const textRules = ['minLength', 'maxLength', 'pattern', 'format'];
const numberRules = ['minimum', 'maximum'];
const identifier = /^[A-Za-z_][A-Za-z0-9_]*$/;

/** Compiles a text, number, boolean or enum; undefined if it has errors. */
export function compileScalar(yaml: PropertyYaml, node: SourceNode): CompiledProperty | undefined {
  if (yaml.enum !== undefined) return compileEnum(yaml, yaml.enum, node);
  switch (yaml.type) {
    case 'string':
      return yaml['x-type'] === undefined ? text(yaml, node) : specialText(yaml, yaml['x-type']);
    case 'integer':
      return integer(yaml);
    case 'number':
      return decimal(yaml);
    case 'boolean':
      return property(yaml, { kind: 'boolean' }, { type: 'boolean' });
    default:
      node.error('S107', 'the type is missing', {
        fix: 'add type: string (or integer, number, boolean, ...)',
      });
      return undefined;
  }
}

/** `input` is the schema of accepted values; the schema of returned values is less strict and nullable. */
function property(yaml: PropertyYaml, type: PlaceholderType, input: JsonSchema): CompiledProperty {
  const types = [input.type].flat();
  const format = ['uuid', 'date', 'date-time'].includes(String(input.format)) ? { format: input.format } : {};
  return {
    type,
    input: { ...inputAnnotations(yaml), ...input },
    output: { ...outputAnnotations(yaml), type: [...types, 'null'], ...format },
  };
}

const textKinds: Readonly<Record<string, PlaceholderType['kind']>> = {
  uuid: 'uuid',
  date: 'date',
  'date-time': 'date-time',
  'odata-filter': 'filter',
};

function text(yaml: PropertyYaml, node: SourceNode): CompiledProperty {
  if (yaml.format === 'dataverse-name') return wireName(yaml);
  const kind = textKinds[yaml.format ?? ''] ?? 'string';
  if (kind === 'string' && yaml.maxLength === undefined && yaml.readOnly !== true) {
    node.warning('S108', 'this text has no maximum length', { fix: 'add maxLength' });
  }
  return property(yaml, { kind }, { type: 'string', ...pickKeywords(yaml, textRules) });
}

/** A Dataverse name (of a relationship, for example): letters, digits and "_", so that it is safe as a path segment. */
function wireName(yaml: PropertyYaml): CompiledProperty {
  const rules = { type: 'string', pattern: '^[A-Za-z_][A-Za-z0-9_]{0,127}$' };
  return property(yaml, { kind: 'wire-name' }, { ...rules, ...pickKeywords(yaml, ['examples']) });
}

/** Dataverse's integers have 32 bits. */
function integer(yaml: PropertyYaml): CompiledProperty {
  const range = { minimum: -2147483648, maximum: 2147483647 };
  return property(
    yaml,
    { kind: 'integer' },
    { type: 'integer', ...range, ...pickKeywords(yaml, numberRules) },
  );
}

/** Money and decimals: a number, or its digits as text if a double is not precise enough. */
function decimal(yaml: PropertyYaml): CompiledProperty {
  const digits = { pattern: '^-?[0-9]{1,15}(\\.[0-9]{1,10})?$', examples: ['1250.50'] };
  return property(
    yaml,
    { kind: 'decimal' },
    { type: ['number', 'string'], ...digits, ...pickKeywords(yaml, [...numberRules, 'examples']) },
  );
}

function specialText(yaml: PropertyYaml, type: NonNullable<PropertyYaml['x-type']>): CompiledProperty {
  switch (type) {
    case 'bigint':
      return bigint(yaml);
    case 'image':
      return property(
        yaml,
        { kind: 'image' },
        { type: 'string', contentEncoding: 'base64', pattern: base64Pattern },
      );
    case 'file':
      // A row has the id of its file.
      return property(yaml, { kind: 'uuid' }, { type: 'string', format: 'uuid' });
  }
}

function bigint(yaml: PropertyYaml): CompiledProperty {
  return property(
    yaml,
    { kind: 'bigint' },
    { type: 'string', pattern: '^-?[0-9]{1,19}$', examples: ['1048577'] },
  );
}

function compileEnum(
  yaml: PropertyYaml,
  values: readonly unknown[],
  node: SourceNode,
): CompiledProperty | undefined {
  const types = new Set(values.map((value) => (typeof value === 'number' ? 'integer' : typeof value)));
  const [type] = types as Set<'string' | 'integer' | 'boolean'>;
  if (types.size !== 1 || type === undefined) {
    node.at('enum').error('S107', 'the values of an enum must have one type', {
      key: true,
      fix: 'put all of them in quotes, or none',
    });
    return undefined;
  }
  const names = values as readonly string[];
  const isNames = type === 'string' && names.every((name) => identifier.test(name));
  const kind: PlaceholderType = isNames ? { kind: 'name', names } : { kind: type };
  const schema = property(yaml, kind, { type, enum: values });
  return { ...schema, output: { ...schema.output, enum: [...values, null] } };
}
