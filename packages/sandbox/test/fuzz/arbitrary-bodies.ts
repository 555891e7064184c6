import fc from 'fast-check';
import { isLookup } from '../../src/model/attribute.ts';
import type { Attribute, Model, TableModel } from '../../src/model/types.ts';
import { arbitraryRow, type FuzzDomain, junk, type operations, scalar } from './fuzz-domain.ts';

/** JSON of any shape, with names that the Web API knows. */
function anyJson(domain: FuzzDomain): fc.Arbitrary<unknown> {
  const name = fc.constantFrom(
    ...['@odata.type', '@odata.id', '@odata.bind', 'value', 'Targets', 'Target', '__proto__', 'constructor'],
    ...['name', 'createdon', 'statecode', 'Value', 'LogicalName', 'AttributeLogicalName', 'Id', 'partyid'],
  );
  return fc.letrec<{ json: unknown }>((tie) => ({
    json: fc.oneof(
      { depthSize: 'small' },
      scalar(domain),
      fc.dictionary(name, tie('json'), { maxKeys: 3 }),
      fc.array(tie('json'), { maxLength: 2 }),
    ),
  })).json;
}

/** A reference to a row as actions take it. */
const rowReference = (domain: FuzzDomain, model: Model): fc.Arbitrary<unknown> =>
  fc.tuple(arbitraryRow(domain), fc.constantFrom('key', 'id', 'type')).map(([{ table, set, id }, form]) => {
    const type = { '@odata.type': `Microsoft.Dynamics.CRM.${table}` };
    if (form === 'key') return { ...type, [model.table(table)?.primaryId ?? 'id']: id };
    return form === 'id' ? { '@odata.id': `${set}(${id})` } : type;
  });

/** A value that fits a column, as far as its type says. */
function fittingValue({ type, options = [], dateOnly }: Attribute): fc.Arbitrary<unknown> {
  switch (type) {
    case 'Boolean':
      return fc.boolean();
    case 'DateTime':
      return fc.constantFrom(dateOnly ? '2024-05-01' : '2024-05-01T08:00:00Z', null);
    case 'Picklist':
    case 'State':
    case 'Status':
      return options.length > 0 ? fc.constantFrom(...options.map(({ value }) => value)) : fc.nat(5);
    case 'Uniqueidentifier':
      return fc.uuid();
    case 'Integer':
    case 'BigInt':
    case 'Decimal':
    case 'Double':
    case 'Money':
      return fc.nat(100);
    default:
      return fc.string({ maxLength: 10 });
  }
}

/** The members of a row of a table. */
export function arbitraryRowBody(domain: FuzzDomain, model: Model, table: TableModel): fc.Arbitrary<object> {
  const navigations = model.navigations(table);
  const plain = table.attributes.filter((attribute) => !isLookup(attribute));
  const column = fc.constantFrom(...plain).chain((attribute) => {
    const value = fc.oneof(
      { weight: 4, arbitrary: fittingValue(attribute) },
      { weight: 1, arbitrary: scalar(domain) },
    );
    return value.map((one) => [attribute.logicalName, one] as const);
  });
  const binding = fc.tuple(
    fc.constantFrom(...(navigations.length > 0 ? navigations.map(({ name }) => name) : ['createdby'])),
    fc.constantFrom('@odata.bind', '', '@odata.type'),
    fc.oneof(
      arbitraryRow(domain).map(({ set, id }) => `/${set}(${id})`),
      anyJson(domain),
    ),
  );
  const members = fc.array(
    fc.oneof(
      { weight: 3, arbitrary: column },
      { weight: 1, arbitrary: binding.map(([name, suffix, value]) => [`${name}${suffix}`, value] as const) },
    ),
    { maxLength: 4 },
  );
  return members.map((pairs) => Object.fromEntries(pairs));
}

type Operation = (typeof operations)[number];

/** The parameters of an operation. */
export function arbitraryParameters(
  domain: FuzzDomain,
  model: Model,
  { parameters }: Operation,
): fc.Arbitrary<Record<string, unknown>> {
  const value = fc.oneof(
    rowReference(domain, model),
    rowReference(domain, model).map((one) => [one]),
    scalar(domain),
    anyJson(domain),
    fc.constantFrom<unknown>(['account'], 'incident', { LogicalName: 'incident' }, -1, 5),
  );
  const names = Object.keys(parameters);
  return fc
    .tuple(
      ...names.map(() =>
        fc.oneof({ weight: 4, arbitrary: value }, { weight: 1, arbitrary: fc.constant(undefined) }),
      ),
    )
    .map((values) => Object.fromEntries(names.map((name, index) => [name, values[index]])));
}

/** A body that is no row and no parameters. */
export const arbitraryOtherBody = (domain: FuzzDomain): fc.Arbitrary<string | Uint8Array> =>
  fc.oneof(
    anyJson(domain).map((json) => JSON.stringify(json) ?? ''),
    junk,
    fc.uint8Array({ maxLength: 20 }),
    fc.constantFrom('{', '[]', '{"a":1,"a":2}', '{"value":', `${'['.repeat(50)}`),
  );
