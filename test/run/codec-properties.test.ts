import { expect } from 'chai';
import fc from 'fast-check';
import { createMemoryStore } from '../../src/client/memory-store.ts';
import { ConnectorError } from '../../src/errors/connector-error.ts';
import { buildTableSchema } from '../../src/metadata/build-table-schema.ts';
import { createMetadataService, type MetadataSource } from '../../src/metadata/metadata-service.ts';
import { parseExactJson } from '../../src/model/exact-json.ts';
import type { Json, JsonObject, JsonSchema } from '../../src/model/json.ts';
import type { MetadataColumn, MetadataTable } from '../../src/model/metadata.ts';
import { encodeRecord } from '../../src/run/codec/encode-record.ts';
import { shapeRow } from '../../src/run/codec/shape-row.ts';
import { readMetadataTable } from '../../src/run/metadata-table.ts';
import { createValidator } from '../../src/validation/validator.ts';
import { createFakeClock } from '../support/fake-clock.ts';

const runs = { numRuns: Number(process.env.PROPERTY_RUNS ?? 300) };
const targets = ['account', 'contact', 'new_shop'];
const key = 'new_thingid';
const id = '0c0a7b1e-1111-4c39-9d55-0a3c1c5d7e90';

/** A column, how Dataverse sends a value of it (JSON text), and values that a caller may write. */
interface Sample {
  readonly column: MetadataColumn;
  readonly wire: string;
  /** For a lookup: the table of the row. */
  readonly target?: string;
  readonly inputs: readonly Json[];
}

const text = (maxLength: number) =>
  fc.string({ unit: 'grapheme', maxLength }).filter((one) => one.length <= maxLength);
const digits = (value: bigint, decimals: number) => {
  const padded = String(value < 0n ? -value : value).padStart(decimals + 1, '0');
  const whole = padded.slice(0, padded.length - decimals);
  return `${value < 0n ? '-' : ''}${whole}${decimals === 0 ? '' : `.${padded.slice(-decimals)}`}`;
};
const int64 = fc.bigInt({ min: -(2n ** 63n) + 1n, max: 2n ** 63n - 1n });
const base = { name: 'new_c', title: 'C' };
const instant = fc
  .date({ min: new Date('1800-01-01T00:00:00Z'), max: new Date('2200-01-01T00:00:00Z'), noInvalidDate: true })
  .map((date) => date.toISOString().replace(/\.\d+Z$/, 'Z'));
const choices = fc
  .array(fc.constantFrom('High', 'Low', '1', 'constructor', '__proto__', 'Done', ''), {
    minLength: 1,
    maxLength: 5,
  })
  .map((labels) => labels.map((label, at) => ({ value: at * 10 + 1, label: label || `Option ${at}` })));

const samples: fc.Arbitrary<Sample> = fc.oneof(
  fc.integer({ min: 1, max: 30 }).chain((maxLength) =>
    text(maxLength).map(
      (value): Sample => ({
        column: { ...base, type: 'string', maxLength },
        wire: JSON.stringify(value),
        inputs: [value, null],
      }),
    ),
  ),
  fc.integer({ min: -500, max: 500 }).map(
    (value): Sample => ({
      column: { ...base, type: 'integer', min: -500, max: 500 },
      wire: String(value),
      inputs: [value, null],
    }),
  ),
  int64.map(
    (value): Sample => ({
      column: { ...base, type: 'bigint' },
      wire: String(value),
      inputs: [String(value), null],
    }),
  ),
  fc.tuple(int64, fc.integer({ min: 0, max: 10 })).map(
    ([value, decimals]): Sample => ({
      column: { ...base, type: 'decimal' },
      wire: digits(value, decimals),
      inputs: [digits(value, decimals), Number(value), null],
    }),
  ),
  fc.boolean().map(
    (value): Sample => ({
      column: { ...base, type: 'boolean' },
      wire: String(value),
      inputs: [value, null],
    }),
  ),
  fc.tuple(instant, fc.boolean()).map(
    ([value, isLocal]): Sample => ({
      column: { ...base, type: 'date-time', timeZoneIndependent: isLocal || undefined } as MetadataColumn,
      wire: JSON.stringify(value),
      inputs: [value, isLocal ? value.replace('Z', '') : value.replace('Z', '+02:00'), null],
    }),
  ),
  instant.map(
    (value): Sample => ({
      column: { ...base, type: 'date' },
      wire: JSON.stringify(value.slice(0, 10)),
      inputs: [value.slice(0, 10), null],
    }),
  ),
  fc.tuple(choices, fc.nat()).map(([options, at]): Sample => {
    const { value, label } = options[at % options.length]!;
    return {
      column: { ...base, type: 'choice', choices: options },
      wire: String(value),
      inputs: [value, { value, label }, label, null],
    };
  }),
  fc.tuple(choices, fc.nat()).map(([options, mask]): Sample => {
    const chosen = options.filter((_, at) => (mask >> at) % 2 === 1);
    return {
      column: { ...base, type: 'choices', choices: options },
      wire: chosen.length === 0 ? 'null' : JSON.stringify(chosen.map(({ value }) => value).join(',')),
      inputs: [
        chosen.map(({ value }) => value),
        chosen.map(({ value }) => ({ value, label: null })),
        [],
        null,
      ],
    };
  }),
  fc.tuple(fc.uuid(), fc.nat(2), fc.boolean()).map(([value, at, isSingle]): Sample => {
    const target = isSingle ? targets[0]! : targets[at]!;
    const row = { table: target, id: value };
    return {
      column: { ...base, type: 'lookup', targets: isSingle ? [target] : targets },
      wire: JSON.stringify(value),
      target,
      inputs: [row, { ...row, name: 'Any' }, ...(isSingle ? [value, { id: value }] : []), null],
    };
  }),
  fc.uint8Array({ maxLength: 20 }).map((bytes): Sample => {
    const value = Buffer.from(bytes).toString('base64');
    return { column: { ...base, type: 'image' }, wire: JSON.stringify(value), inputs: [value, null] };
  }),
  fc.uuid().map(
    (value): Sample => ({
      column: { ...base, type: 'uuid' },
      wire: JSON.stringify(value),
      inputs: [value, null],
    }),
  ),
);

/** Rows of a random table: each column has another name. */
const rows = fc
  .array(samples, { minLength: 1, maxLength: 12 })
  .map((all) =>
    all.map((sample, at): Sample => ({ ...sample, column: { ...sample.column, name: `new_c${at}` } })),
  );

function tableOf(row: readonly Sample[]): MetadataTable {
  const columns = row.map(({ column }) => column);
  return {
    ...{ name: 'new_thing', entitySet: 'new_things', title: 'Thing', plural: 'Things', key },
    columns: [{ name: key, title: 'Thing', type: 'uuid', updatable: false }, ...columns],
    navigations: columns.flatMap(({ name, targets: own = [] }) =>
      own.map((target) => ({ name: `${name}_${target}`, kind: 'manyToOne' as const, target, column: name })),
    ),
    alternateKeys: [],
  };
}

const source = {
  listTables: async () => targets.map((name) => ({ name, entitySet: `${name}s`, title: name, plural: name })),
} as Pick<MetadataSource, 'listTables'> as MetadataSource;

/** The row as Dataverse sends it. */
function wireText(row: readonly Sample[]): string {
  const members = row.flatMap(({ column, wire, target }) => {
    const name = column.type === 'lookup' ? `_${column.name}_value` : column.name;
    const annotation = `"${name}@Microsoft.Dynamics.CRM.lookuplogicalname":"${target}"`;
    return [`"${name}":${wire}`, ...(target === undefined ? [] : [annotation])];
  });
  return `{"${key}":"${id}",${members.join(',')}}`;
}

/** The members of a body that stand for the same row. */
function bodyText(row: readonly Sample[]): readonly string[] {
  return row.map(({ column: { name, type }, wire, target }) =>
    type === 'lookup'
      ? `"${name}_${target}@odata.bind":"/${target}s(${JSON.parse(wire)})"`
      : `"${name}":${
          type === 'decimal'
            ? wire
                .replace(/(\.\d*?)0+$/, '$1')
                .replace(/\.$/, '')
                .replace(/^-0$/, '0')
            : wire
        }`,
  );
}

const validator = createValidator();

function schemaOf(table: MetadataTable, name: string): JsonSchema {
  const { properties } = buildTableSchema(table, 'create') as { properties: Record<string, JsonSchema> };
  const { 'x-lookup': _, 'x-recommended': __, ...schema } = properties[name]!;
  return schema;
}

describe('the codec, for random tables and rows', () => {
  it('writes back unchanged what it read, to the digit', async () => {
    await fc.assert(
      fc.asyncProperty(rows, async (row) => {
        const table = await readMetadataTable(source, tableOf(row));
        const read = shapeRow(table, parseExactJson(wireText(row)) as JsonObject);
        const { body } = encodeRecord(table, read, { purpose: 'update', id });
        expect(JSON.stringify(body)).to.equal(`{${bodyText(row).join(',')}}`);
      }),
      runs,
    );
  });

  it('describes by its schema what it reads', async () => {
    await fc.assert(
      fc.asyncProperty(rows, async (row) => {
        const metadata = tableOf(row);
        const read = shapeRow(
          await readMetadataTable(source, metadata),
          parseExactJson(wireText(row)) as JsonObject,
        );
        for (const { column } of row) {
          const issues = validator.issues(schemaOf(metadata, column.name), read[column.name]);
          expect(issues, `${column.name}: ${JSON.stringify(read[column.name])}`).to.deep.equal([]);
        }
      }),
      { numRuns: Math.ceil(runs.numRuns / 5) },
    );
  });

  it('accepts every value that its schema allows, and refuses every other with a path', async () => {
    const any = fc.oneof(
      fc.jsonValue() as fc.Arbitrary<Json>,
      fc.constantFrom<Json>(id, { id }, { table: 'account', id }, { value: 1 }, '1', 'High', ''),
    );
    await fc.assert(
      fc.asyncProperty(rows, fc.array(any, { maxLength: 5 }), async (row, others) => {
        const metadata = tableOf(row);
        const table = await readMetadataTable(source, metadata);
        for (const { column, inputs } of row) {
          const schema = schemaOf(metadata, column.name);
          for (const value of [...inputs, ...others]) {
            const isAllowed = validator.issues(schema, value).length === 0;
            const refusal = refusalOf(() =>
              encodeRecord(table, { [column.name]: value }, { purpose: 'create', path: '/values' }),
            );
            if (isAllowed)
              expect(refusal?.message, `${column.type}: ${JSON.stringify(value)}`).to.equal(undefined);
            if (refusal !== undefined) expect(refusal.details.issues?.[0]?.path).to.match(/^\/values\/new_c/);
          }
        }
      }),
      { numRuns: Math.ceil(runs.numRuns / 10) },
    );
  });
});

function refusalOf(work: () => unknown): ConnectorError | undefined {
  try {
    work();
    return undefined;
  } catch (error) {
    expect(error).to.be.instanceOf(ConnectorError);
    return error as ConnectorError;
  }
}

describe('metadata of callers with different languages', () => {
  const languages = ['de', 'en', 'fr'];
  const label = (language: string) => ({ UserLocalizedLabel: { Label: `${language}: high` } });
  const reader =
    (language: string) =>
    async (path: string): Promise<JsonObject> => {
      if (path.startsWith('/organizations')) return { '@Microsoft.Dynamics.CRM.globalmetadataversion': '1' };
      const attribute = {
        LogicalName: 'new_level',
        AttributeTypeName: { Value: 'PicklistType' },
        DisplayName: label(language),
      };
      if (path.includes('PicklistAttribute'))
        return {
          value: [
            { LogicalName: 'new_level', OptionSet: { Options: [{ Value: 1, Label: label(language) }] } },
          ],
        } as unknown as JsonObject;
      if (path.includes('AttributeMetadata')) return { value: [] };
      return {
        LogicalName: 'new_thing',
        EntitySetName: 'new_things',
        PrimaryIdAttribute: key,
        Attributes: [attribute],
      } as unknown as JsonObject;
    };

  it('never gives one caller the labels of another, whoever reads first, in one process or several', async () => {
    const step = fc.record({
      caller: fc.constantFrom(...languages),
      isNewProcess: fc.boolean(),
      revalidate: fc.boolean(),
    });
    await fc.assert(
      fc.asyncProperty(fc.array(step, { minLength: 1, maxLength: 12 }), async (steps) => {
        const shared = { store: createMemoryStore(), clock: createFakeClock(), origin: 'http://org.test' };
        const open = (caller: string) =>
          createMetadataService({ ...shared, read: reader(caller), caller: async () => caller });
        const services = new Map(languages.map((caller) => [caller, open(caller)]));
        for (const { caller, isNewProcess, revalidate } of steps) {
          if (isNewProcess) services.set(caller, open(caller));
          const service = services.get(caller)!;
          if (revalidate) await service.revalidate?.();
          const table = await service.getTable('new_thing');
          expect(table?.columns[0]?.choices).to.deep.equal([{ value: 1, label: `${caller}: high` }]);
        }
      }),
      { numRuns: Math.ceil(runs.numRuns / 10) },
    );
  });
});
