import { ConnectorError } from '../../errors/connector-error.ts';
import type { Issue } from '../../model/diagnostic.ts';
import { isJsonObject, type Json, type JsonObject } from '../../model/json.ts';
import { toJsonPointer } from '../../model/json-pointer.ts';
import { customColumnsName, type Table, type TableColumn } from '../../model/table.ts';
import { encodeLookup, type Tables } from './encode-lookup.ts';
import { encodeParties } from './encode-parties.ts';
import { encodeColumnValue } from './encode-value.ts';
import { rejectAt, throwIfInvalid } from './invalid-value.ts';

/** How rows are encoded. */
export interface RowEncoderOptions {
  /** Names that are not columns of the body, such as the id in the path. */
  readonly omit?: readonly string[];
  /** The row does not exist yet: there is nothing to clear, so `null` means that a column is not given. */
  readonly isNew?: boolean;
  /** The known tables, for lookups by alternate key. */
  readonly tables?: Tables;
}

/** How one row is encoded. */
export interface EncodeRowOptions extends RowEncoderOptions {
  /** Where the row is in the input, for the paths of issues: `/values`. */
  readonly path?: string;
}

/** Encodes a row. `path`: where it is in the input, for the paths of issues. */
export type RowEncoder = (row: JsonObject, path?: string) => JsonObject;

/**
 * Compiles the encoder of rows for request bodies: logical column names, choices as numbers, lookups as `@odata.bind`.
 * Names that are no columns are left out; they are checked before. The encoder throws INPUT_INVALID with an issue for each
 * value that cannot be encoded.
 */
export function compileRowEncoder(table: Table, options: RowEncoderOptions = {}): RowEncoder {
  const { omit = [], isNew = false } = options;
  const members = new Map<string, MemberEncoder>();
  const memberOf = (name: string) => {
    let encode = members.get(name);
    if (encode === undefined) {
      encode = omit.includes(name) ? omitMember : compileMember(table, name, options);
      members.set(name, encode);
    }
    return encode;
  };
  return (row, path = '') => {
    const wire: Record<string, Json> = {};
    const issues: Issue[] = [];
    for (const name of Object.keys(row)) {
      const value = row[name] as Json;
      if (isNew && value === null) continue;
      try {
        memberOf(name)(wire, value, path);
      } catch (error) {
        issues.push(...issuesOf(error, path, name));
      }
    }
    throwIfInvalid(issues);
    return wire;
  };
}

/** The same for one row. */
export function encodeRow(table: Table, row: JsonObject, options: EncodeRowOptions = {}): JsonObject {
  return compileRowEncoder(table, options)(row, options.path);
}

function issuesOf(error: unknown, path: string, name: string): readonly Issue[] {
  if (!(error instanceof ConnectorError)) throw error;
  const own = { path: path + toJsonPointer(name), message: error.message, keyword: 'codec' };
  return error.details.issues ?? [own];
}

/** Adds the encoded value of a member to a row. */
type MemberEncoder = (wire: Record<string, Json>, value: Json, path: string) => void;

const omitMember: MemberEncoder = () => {};

function compileMember(table: Table, name: string, options: RowEncoderOptions): MemberEncoder {
  const parties = table.parties?.find((candidate) => candidate.name === name);
  if (parties !== undefined) {
    const { collection } = parties;
    return (wire, value, path) => {
      // The parties of all roles are in one collection.
      const others = (wire[collection] ?? []) as readonly Json[];
      wire[collection] = [...others, ...encodeParties(parties, value, path)];
    };
  }
  if (name === customColumnsName) return compileCustomColumns(table, options);
  const column = table.columns.find((candidate) => candidate.name === name && candidate.isCustom !== true);
  return column === undefined ? omitMember : compileColumn(column, options);
}

/** The columns of the organization that our schema does not have, by their logical names. */
function compileCustomColumns({ columns }: Table, options: RowEncoderOptions): MemberEncoder {
  return (wire, values, rowPath) => {
    const path = `${rowPath}/${customColumnsName}`;
    if (!isJsonObject(values)) return;
    for (const [name, value] of Object.entries(values)) {
      const column = columns.find((candidate) => candidate.name === name && candidate.isCustom === true);
      if (column === undefined) {
        return rejectAt(
          path,
          name,
        )('is not known: the columns of an organization are read from its metadata');
      }
      if (options.isNew !== true || value !== null) compileColumn(column, options)(wire, value, path);
    }
  };
}

function compileColumn(column: TableColumn, { tables }: RowEncoderOptions): MemberEncoder {
  const { name, logicalName } = column;
  const pointer = toJsonPointer(name);
  if (column.type === 'lookup') {
    return (wire, value, path) => {
      for (const [key, encoded] of encodeLookup(column, value, { tables, path: path + pointer }))
        wire[key] = encoded;
    };
  }
  return (wire, value, path) => {
    wire[logicalName] = value === null ? null : encodeColumnValue(column, value, rejectAt(path, name));
  };
}
