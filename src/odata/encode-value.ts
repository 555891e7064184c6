import { ConnectorError } from '../errors/connector-error.ts';
import { joinWithOr } from '../errors/join-with-or.ts';
import type { Json } from '../model/json.ts';
import type { Placeholder, PlaceholderType } from '../model/template.ts';
import {
  type EncodedScalar,
  encodeColumnName,
  encodeScalar,
  encodeUuid,
  encodeWireName,
  type Reject,
} from './encode-scalar.ts';
import { encodeKey } from './encode-url.ts';
import type { ParseDiagnostic } from './query/ast.ts';
import { parseFilter } from './query/parse-filter.ts';
import { printFilter } from './query/print-filter.ts';
import { quoteFilterText, quoteString } from './quote-string.ts';

/** The text of a value in its position. */
export type ValueEncoder = (value: Json) => string;

/**
 * Compiles the encoder of a placeholder for its position and type (see the table in docs/manifest.md), so that no value can
 * change the meaning of the text around it. Values in query positions are not percent-encoded, because `encodeQuery` does
 * that; values in `key` and `bind` positions are.
 *
 * The encoder throws INPUT_INVALID if a value cannot be encoded safely. The error names the placeholder and not the value.
 */
export function compileEncoder(placeholder: Placeholder): ValueEncoder {
  const { type, position } = placeholder;
  const reject = (message: string) => rejectPlaceholder(placeholder, message);
  const scalar = (value: Json) => encodeScalar(value, type, reject);
  switch (position) {
    case 'filter-value':
      return (value) => (value === null ? 'null' : encodeFilterLiteral(scalar(value)));
    case 'filter-text':
      return (value) => encodeFilterText(scalar(value), reject);
    case 'filter-list':
      return (value) => encodeFilterList(value, type, reject);
    case 'condition':
      return (value) => encodeCondition(value, reject);
    case 'filter-name':
    case 'order':
      return (value) => encodeColumn(value, type, reject);
    case 'segment':
      return (value) =>
        type.kind === 'wire-name' ? encodeWireName(value, reject) : encodeColumn(value, type, reject);
    case 'select':
      return (value) =>
        type.kind === 'names' ? encodeColumnList(value, type, reject) : encodeColumn(value, type, reject);
    case 'key':
      // Nothing in an id has to be encoded.
      if (type.kind === 'uuid') return (value) => encodeUuid(value, reject);
      return (value) => encodeKeyLiteral(scalar(value), reject);
    case 'bind':
      return (value) =>
        type.kind === 'lookup'
          ? encodeLookupPath(value, placeholder, reject)
          : encodeKeyLiteral(scalar(value), reject);
    case 'header':
      return (value) => encodeHeader(scalar(value), reject);
    case 'text':
      return (value) => scalar(value).text;
    case 'json':
      return (value) => JSON.stringify(value);
  }
}

/** The same for one value. */
export function encodeValue(value: Json, placeholder: Placeholder): string {
  return compileEncoder(placeholder)(value);
}

function rejectPlaceholder({ path }: Placeholder, message: string): never {
  const pointer = `/${path.slice(1).join('/')}`;
  const issues = [{ path: pointer, message, keyword: 'codec' }];
  throw new ConnectorError('INPUT_INVALID', `${pointer} ${message}`, { issues });
}

function encodeFilterLiteral({ text, isBare }: EncodedScalar): string {
  return isBare ? text : quoteString(text);
}

function encodeFilterText({ text, isBare }: EncodedScalar, reject: Reject): string {
  return isBare ? reject('must be text') : quoteFilterText(text);
}

/** A filter from the caller is parsed and printed again, so that it is always a single condition. */
function encodeCondition(value: Json, reject: Reject): string {
  const parsed = typeof value === 'string' ? parseFilter(value) : undefined;
  if (parsed === undefined) return reject('must be a filter as text');
  if (parsed.ok) return printFilter(parsed.value);
  const [{ message, fix = '' }] = parsed.diagnostics as [ParseDiagnostic];
  return reject(`is not a filter: ${message} ${fix}`.trimEnd());
}

/** PropertyValues is a list of strings for columns of any type. */
function encodeFilterList(value: Json, type: PlaceholderType, reject: Reject): string {
  const item = itemTypeOf(type);
  if (!Array.isArray(value) || item === undefined) return reject('must be a list');
  return JSON.stringify(value.map((one: Json) => encodeScalar(one, item, reject).text));
}

function itemTypeOf(type: PlaceholderType): PlaceholderType | undefined {
  if (type.kind === 'choices') return { ...type, kind: 'choice' };
  if (type.kind === 'names') return { ...type, kind: 'name' };
  return type.kind === 'array' ? (type.items ?? { kind: 'any' }) : undefined;
}

/** A column name must be one of the schema's enum. */
function encodeColumn(value: Json, type: PlaceholderType, reject: Reject): string {
  return type.kind === 'name' ? encodeColumnName(value, type, reject) : reject('cannot be used as a column');
}

function encodeColumnList(value: Json, type: PlaceholderType, reject: Reject): string {
  if (!Array.isArray(value) || value.length === 0) return reject('must be a list of columns');
  return value.map((item: Json) => encodeColumnName(item, type, reject)).join(',');
}

/** Dataverse does not find rows by keys with these characters, even if they are encoded. */
const invalidKeyCharacters = /[/<>*%&:\\?+#]/;

function encodeKeyLiteral({ text, isBare }: EncodedScalar, reject: Reject): string {
  if (isBare) return encodeURIComponent(text);
  if (text === '') return reject('must not be empty');
  return invalidKeyCharacters.test(text)
    ? reject('must not contain / < > * % & : \\ ? + # in a key')
    : encodeKey(text);
}

/** A lookup as the path of its row: `/accounts(id)`. */
function encodeLookupPath(value: Json, { type }: Placeholder, reject: Reject): string {
  const { text } = encodeScalar(value, type, reject);
  const targets = type.targets ?? [];
  const name = (value as { table?: Json }).table;
  const target =
    name === undefined && targets.length === 1 ? targets[0] : targets.find(({ table }) => table === name);
  if (target === undefined)
    return reject(`must name its table: ${joinWithOr(targets.map(({ table }) => table))}`);
  return `/${target.entitySet}(${text})`;
}

function encodeHeader({ text }: EncodedScalar, reject: Reject): string {
  return /^[\x20-\x7e]*$/.test(text) ? text : reject('must be plain ASCII in a header');
}
