import { isJsonObject } from 'dynamics365-connector/base';
import { isValidDateTime } from 'dynamics365-connector/odata';
import { nullGuid, parseGuid } from '../guid.ts';

/** A data type of a parameter or property of a custom API. */
export interface CustomApiType {
  /** The CSDL type; of entities that of their table. */
  readonly edmType: (table?: string) => string;
  readonly accepts: (value: unknown) => boolean;
  /** The value of a property that nothing sets. */
  readonly default: unknown;
  /** Whether a value is an entity or a collection of entities. */
  readonly isEntity: boolean;
  /** Whether a value references an existing row. */
  readonly isReference: boolean;
}

const simple = (edmType: string, accepts: CustomApiType['accepts'], value: unknown): CustomApiType => ({
  edmType: () => edmType,
  accepts,
  default: value,
  isEntity: false,
  isReference: false,
});

const isNumber = (value: unknown): boolean => typeof value === 'number' && Number.isFinite(value);
const isInt32 = (value: unknown): boolean => Number.isInteger(value) && Math.abs(Number(value)) <= 2 ** 31;
const isText = (value: unknown): boolean => typeof value === 'string';
const isDateTime = (value: unknown): boolean => typeof value === 'string' && isValidDateTime(value);
const isGuid = (value: unknown): boolean => typeof value === 'string' && parseGuid(value) !== undefined;
const isListOf = (accepts: (value: unknown) => boolean) => (value: unknown) =>
  Array.isArray(value) && value.every(accepts);

const entityType = (table = 'crmbaseentity'): string => `mscrm.${table}`;

/** The types by their number in the column `type`. */
export const customApiTypes: Readonly<Record<number, CustomApiType>> & { readonly 10: CustomApiType } = {
  0: simple('Edm.Boolean', (value) => typeof value === 'boolean', false),
  1: simple('Edm.DateTimeOffset', isDateTime, '0001-01-01T00:00:00Z'),
  2: simple('Edm.Decimal', isNumber, 0),
  3: { edmType: entityType, accepts: isJsonObject, default: null, isEntity: true, isReference: false },
  4: {
    edmType: (table) => `Collection(${entityType(table)})`,
    accepts: isListOf(isJsonObject),
    default: [],
    isEntity: true,
    isReference: false,
  },
  5: { edmType: entityType, accepts: isJsonObject, default: null, isEntity: true, isReference: true },
  6: simple('Edm.Double', isNumber, 0),
  7: simple('Edm.Int32', isInt32, 0),
  8: simple('Edm.Decimal', isNumber, 0),
  9: simple('Edm.Int32', isInt32, 0),
  10: simple('Edm.String', isText, null),
  11: simple('Collection(Edm.String)', isListOf(isText), []),
  12: simple('Edm.Guid', isGuid, nullGuid),
};
