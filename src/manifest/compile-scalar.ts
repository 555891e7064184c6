import type { JsonSchema } from '../model/json.ts';
import type { SlotType } from '../model/template.ts';
import { asAccepted, asAnswered, type Property, pick } from './property.ts';
import type { PropertyYaml } from './shapes.ts';
import type { Site } from './site.ts';

const textRules = ['minLength', 'maxLength', 'pattern', 'format'];
const numberRules = ['minimum', 'maximum'];
const identifier = /^[A-Za-z_][A-Za-z0-9_]*$/;

/** Text, number, true/false or one of a list: compiled; undefined after a fault. */
export function compileScalar(yaml: PropertyYaml, site: Site): Property | undefined {
  if (yaml.enum !== undefined) return compileEnum(yaml, yaml.enum, site);
  switch (yaml.type) {
    case 'string':
      return yaml['x-type'] === 'bigint' ? bigint(yaml) : text(yaml, site);
    case 'integer':
      return integer(yaml);
    case 'number':
      return decimal(yaml);
    case 'boolean':
      return property(yaml, { kind: 'boolean' }, { type: 'boolean' });
    default:
      site.error('S107', 'the type is missing', {
        fix: 'add type: string (or integer, number, boolean, ...)',
      });
      return undefined;
  }
}

/** `input` is the schema of what we accept; what we answer is looser and may be null. */
function property(yaml: PropertyYaml, type: SlotType, input: JsonSchema): Property {
  const types = [input.type].flat();
  const format = ['uuid', 'date', 'date-time'].includes(String(input.format)) ? { format: input.format } : {};
  return {
    type,
    input: { ...asAccepted(yaml), ...input },
    output: { ...asAnswered(yaml), type: [...types, 'null'], ...format },
  };
}

const textKinds: Readonly<Record<string, SlotType['kind']>> = {
  uuid: 'uuid',
  date: 'date',
  'date-time': 'date-time',
  'odata-filter': 'filter',
};

function text(yaml: PropertyYaml, site: Site): Property {
  if (yaml.format === 'dataverse-name') return wireName(yaml);
  const kind = textKinds[yaml.format ?? ''] ?? 'string';
  if (kind === 'string' && yaml.maxLength === undefined && yaml.readOnly !== true) {
    site.warning('S108', 'this text may be of any length', { fix: 'add maxLength' });
  }
  return property(yaml, { kind }, { type: 'string', ...pick(yaml, textRules) });
}

/** A name of Dataverse's (a relationship, say): letters, digits and "_" only, so that it may be a segment of a path. */
function wireName(yaml: PropertyYaml): Property {
  const rules = { type: 'string', pattern: '^[A-Za-z_][A-Za-z0-9_]{0,127}$' };
  return property(yaml, { kind: 'wire-name' }, { ...rules, ...pick(yaml, ['examples']) });
}

/** Dataverse's whole numbers have 32 bits. */
function integer(yaml: PropertyYaml): Property {
  const range = { minimum: -2147483648, maximum: 2147483647 };
  return property(yaml, { kind: 'integer' }, { type: 'integer', ...range, ...pick(yaml, numberRules) });
}

/** Money and decimals: a number, or its digits as text where a double is not exact enough. */
function decimal(yaml: PropertyYaml): Property {
  const digits = { pattern: '^-?[0-9]{1,15}(\\.[0-9]{1,10})?$', examples: ['1250.50'] };
  return property(
    yaml,
    { kind: 'decimal' },
    { type: ['number', 'string'], ...digits, ...pick(yaml, [...numberRules, 'examples']) },
  );
}

function bigint(yaml: PropertyYaml): Property {
  return property(
    yaml,
    { kind: 'bigint' },
    { type: 'string', pattern: '^-?[0-9]{1,19}$', examples: ['1048577'] },
  );
}

function compileEnum(yaml: PropertyYaml, values: readonly unknown[], site: Site): Property | undefined {
  const types = new Set(values.map((value) => (typeof value === 'number' ? 'integer' : typeof value)));
  const [type] = types as Set<'string' | 'integer' | 'boolean'>;
  if (types.size !== 1 || type === undefined) {
    site.at('enum').error('S107', 'the values of an enum must be of one type', { key: true });
    return undefined;
  }
  const names = values as readonly string[];
  const isNames = type === 'string' && names.every((name) => identifier.test(name));
  const kind: SlotType = isNames ? { kind: 'name', names } : { kind: type };
  const schema = property(yaml, kind, { type, enum: values });
  return { ...schema, output: { ...schema.output, enum: [...values, null] } };
}
