import fc from 'fast-check';
import type { Attribute, ChoiceOption } from '../../../packages/sandbox/src/model/types.ts';
import type { Json } from '../../../src/index.ts';
import { column } from './fixture.ts';

export const english = 1033;
export const french = 1036;
/** The row that lookups refer to, in each of the tables account and contact. */
export const rowId = '0c0a7b1e-1111-4c39-9d55-0a3c1c5d7e90';

/** A column, and a value of it: as it is in the body of a request, and as callers of the connector write it. */
export interface Sample {
  readonly attribute: Omit<Attribute, 'logicalName' | 'schemaName'>;
  /** JSON text; of a lookup, the path of the row. */
  readonly wire: string;
  /** The same value as callers write it. */
  readonly inputs: readonly Json[];
  /** The choice by its label, in the language of the caller. */
  readonly labelIn?: (language: number) => Json | undefined;
}

const json = JSON.stringify;

const sample = (
  type: Attribute['type'],
  more: Partial<Attribute>,
  wire: string,
  ...inputs: readonly Json[]
): Sample => ({ attribute: column('', type, more), wire, inputs });

/** A number near its limits more often than elsewhere, sometimes beyond them. */
const near = (min: number, max: number) =>
  fc.oneof(fc.integer({ min, max }), fc.constantFrom(min, max, min - 1, max + 1, 0));

const texts = fc
  .tuple(fc.integer({ min: 1, max: 12 }), fc.constantFrom('String', 'Memo'))
  .chain(([maxLength, type]) =>
    fc
      .oneof(
        fc.string({ unit: 'grapheme', maxLength: maxLength + 1 }),
        fc.constantFrom(
          'true',
          '5',
          'null',
          '{}',
          '  ',
          "O'B",
          'a\nb',
          '',
          '😀',
          '0012',
          '{{input.id}}',
          '=1+1',
        ),
      )
      .map((value) => sample(type as 'String', { maxLength }, json(value), value)),
  );
const integers = fc
  .tuple(fc.integer({ min: -100, max: 0 }), fc.integer({ min: 1, max: 100 }))
  .chain(([min, max]) =>
    near(min, max).map((value) => sample('Integer', { min, max }, String(value), value, String(value))),
  );
const bigIntegers = fc
  .bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n })
  .map((value) => sample('BigInt', {}, String(value), String(value)));
/** Digits, some more than the column keeps. */
const decimals = fc
  .tuple(
    fc.constantFrom('Decimal', 'Money', 'Double'),
    fc.integer({ min: 0, max: 4 }),
    near(-100_000, 100_000),
    fc.nat(5),
  )
  .map(([type, precision, number, places]) => {
    const digits = (number / 10 ** places).toFixed(places);
    const limits = { min: -90_000, max: 90_000 };
    return sample(type as 'Decimal', { precision, ...limits }, digits, digits, Number(digits));
  });
const booleans = fc.boolean().map((value) => sample('Boolean', {}, json(value), value));
const ids = fc.uuid().map((value) => sample('Uniqueidentifier', {}, json(value), value, value.toUpperCase()));
const instants = fc.date({
  min: new Date('1752-12-31T00:00:00Z'),
  max: new Date('9999-12-31T00:00:00Z'),
  noInvalidDate: true,
});
const days = instants
  .map((date) => date.toISOString().slice(0, 10))
  .map((value) => sample('DateTime', { dateOnly: true }, json(value), value));
const moments = fc
  .tuple(instants, fc.constantFrom('Z', '+02:00', '-11:30', '.5Z', '.123Z'), fc.boolean())
  .map(([date, end, independent]) => {
    const zone = independent ? 'Z' : end;
    const value = `${date.toISOString().slice(0, 19)}${zone}`;
    const behavior = independent ? ({ dateTimeBehavior: 'TimeZoneIndependent' } as const) : {};
    return sample('DateTime', behavior, json(value), value);
  });
const choiceOptions: fc.Arbitrary<readonly ChoiceOption[]> = fc
  .array(
    fc.tuple(
      fc.constantFrom('High', 'Low', '1', 'None', 'A, B', ' x ', '__proto__'),
      fc.constantFrom('Haut', 'Bas', 'High'),
    ),
    {
      minLength: 1,
      maxLength: 5,
    },
  )
  .map((labels) =>
    labels.map(([label, translated], at) => ({
      ...{ value: 100_000_000 + at, label },
      translations: { label: { [french]: translated } },
    })),
  );
const choices = fc.tuple(choiceOptions, fc.nat()).map(([options, at]): Sample => {
  const chosen = options[at % options.length]!;
  const labelOf = (option: ChoiceOption, language: number) =>
    language === french ? option.translations?.label?.[french] : option.label;
  return {
    ...sample('Picklist', { options }, String(chosen.value), chosen.value, {
      value: chosen.value,
      label: 'Any',
    }),
    labelIn(language) {
      const label = labelOf(chosen, language);
      return options.some((other) => other !== chosen && labelOf(other, language) === label)
        ? undefined
        : label;
    },
  };
});
const severalChoices = fc.tuple(choiceOptions, fc.nat()).map(([options, mask]) => {
  const chosen = options.filter((_, at) => (mask >> at) % 2 === 1).map(({ value }) => value);
  const wire = chosen.length === 0 ? 'null' : json(chosen.join(','));
  return sample(
    'MultiSelectPicklist',
    { options },
    wire,
    chosen,
    chosen.map((value) => ({ value, label: null })),
  );
});
const images = fc
  .uint8Array({ maxLength: 9 })
  .map((bytes) => Buffer.concat([Buffer.from('GIF89a'), bytes]).toString('base64'))
  .map((value) => sample('File', { image: true }, json(value), value));

/** A reference to that row, by each form of a lookup. */
const lookups = fc
  .tuple(fc.constantFrom('account', 'contact'), fc.boolean())
  .map(([target, isSingle]): Sample => {
    const rest = isSingle ? [] : ['systemuser', target === 'account' ? 'contact' : 'account'];
    const targets = [target, ...rest].map((table) => ({ table, navigation: table }));
    const row = { table: target, id: rowId };
    return sample(
      'Lookup',
      { targets },
      `/${target}s(${rowId})`,
      row,
      { ...row, name: 'Any' },
      ...(isSingle ? [rowId] : []),
    );
  });

/** The columns of a random table, each with a value. */
export const columns = fc.array(
  fc.oneof(
    ...[texts, integers, bigIntegers, decimals, booleans, ids, days, moments],
    ...[choices, severalChoices, images, lookups],
  ),
  { minLength: 16, maxLength: 24 },
);

/** A column with its name. */
export interface NamedSample extends Sample {
  readonly name: string;
}

export function nameSamples(samples: readonly Sample[], prefix: string): readonly NamedSample[] {
  return samples.map((one, at) => ({ ...one, name: `${prefix}${at}` }));
}

export function toAttribute({ attribute, name }: NamedSample): Attribute {
  const targets = attribute.targets?.map(({ table }) => ({ table, navigation: `${name}_${table}` }));
  return { ...attribute, logicalName: name, schemaName: name, targets };
}

/** The body of a request that sets the column. */
export function bodyOf({ attribute, name, wire }: NamedSample): string {
  if (attribute.type !== 'Lookup') return `{"${name}":${wire}}`;
  return json({ [`${name}_${attribute.targets![0]!.table}@odata.bind`]: wire });
}
