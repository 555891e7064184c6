import { ConnectorError } from '../errors/connector-error.ts';
import type { Json } from '../model/json.ts';
import type { Slot, SlotType } from '../model/template.ts';
import type { Fault } from './query/ast.ts';
import { parseFilter } from './query/filter.ts';
import { printFilter } from './query/print-filter.ts';
import { readName, readScalar, readWireName, type Scalar } from './scalar.ts';
import { encodeKey } from './url.ts';

/**
 * Writes one value where a hole stands, by its position and type (the table in docs/manifest.md). Whatever the
 * value is, the text around it keeps its meaning: what cannot be written safely is refused with INPUT_INVALID,
 * naming the slot and never the value. Query positions are not percent-encoded (`encodeQuery` does that once);
 * `key` and `bind` are.
 */
export function encodeValue(value: Json, slot: Slot): string {
  const { type, position } = slot;
  const refuse = (message: string) => refuseSlot(slot, message);
  const scalar = () => readScalar(value, type, refuse);
  switch (position) {
    case 'filter-value':
      return value === null ? 'null' : filterLiteral(scalar());
    case 'filter-text':
      return filterText(scalar(), refuse);
    case 'filter-list':
      return filterList(value, type, refuse);
    case 'condition':
      return condition(value, refuse);
    case 'filter-name':
    case 'order':
      return columnName(value, type, refuse);
    case 'segment':
      return type.kind === 'wire-name' ? readWireName(value, refuse) : columnName(value, type, refuse);
    case 'select':
      return type.kind === 'names' ? nameList(value, type, refuse) : columnName(value, type, refuse);
    case 'key':
      return keyLiteral(scalar(), refuse);
    case 'bind':
      return type.kind === 'lookup' ? lookupPath(value, slot, refuse) : keyLiteral(scalar(), refuse);
    case 'header':
      return headerText(scalar(), refuse);
    case 'text':
      return scalar().text;
    case 'json':
      return JSON.stringify(value);
  }
}

type Refuse = (message: string) => never;

function refuseSlot({ path }: Slot, message: string): never {
  const pointer = `/${path.slice(1).join('/')}`;
  const issues = [{ path: pointer, message, keyword: 'codec' }];
  throw new ConnectorError('INPUT_INVALID', `${pointer} ${message}`, { issues });
}

function quote(text: string): string {
  return `'${text.replaceAll("'", "''")}'`;
}

function filterLiteral({ text, bare }: Scalar): string {
  return bare ? text : quote(text);
}

/** Dataverse hands `%`, `_` and `[` in a string to SQL's LIKE; in brackets of their own they are plain characters. */
function filterText({ text, bare }: Scalar, refuse: Refuse): string {
  return bare ? refuse('must be text') : quote(text.replace(/[%_[]/g, '[$&]'));
}

/** A filter of the caller's own: it is parsed and printed again, so that it can only be one condition. */
function condition(value: Json, refuse: Refuse): string {
  const parsed = typeof value === 'string' ? parseFilter(value) : undefined;
  if (parsed === undefined) return refuse('must be a filter as text');
  if (parsed.ok) return printFilter(parsed.value);
  const [{ message, fix = '' }] = parsed.faults as [Fault];
  return refuse(`is not a filter: ${message} ${fix}`.trimEnd());
}

/** PropertyValues is a list of strings whatever the column's type. */
function filterList(value: Json, type: SlotType, refuse: Refuse): string {
  const item = itemTypeOf(type);
  if (!Array.isArray(value) || item === undefined) return refuse('must be a list');
  return JSON.stringify(value.map((one: Json) => readScalar(one, item, refuse).text));
}

function itemTypeOf(type: SlotType): SlotType | undefined {
  if (type.kind === 'choices') return { ...type, kind: 'choice' };
  if (type.kind === 'names') return { ...type, kind: 'name' };
  return type.kind === 'array' ? (type.items ?? { kind: 'any' }) : undefined;
}

/** Only a name that the schema's enum lists ever stands where a column can stand. */
function columnName(value: Json, type: SlotType, refuse: Refuse): string {
  return type.kind === 'name' ? readName(value, type, refuse) : refuse('cannot stand for a column');
}

function nameList(value: Json, type: SlotType, refuse: Refuse): string {
  if (!Array.isArray(value) || value.length === 0) return refuse('must be a list of columns');
  return value.map((item: Json) => readName(item, type, refuse)).join(',');
}

/** Dataverse does not find rows by keys with these signs, encoded or not. */
const notInKeys = /[/<>*%&:\\?+#]/;

function keyLiteral({ text, bare }: Scalar, refuse: Refuse): string {
  if (bare) return encodeURIComponent(text);
  if (text === '') return refuse('must not be empty');
  return notInKeys.test(text) ? refuse('must not contain / < > * % & : \\ ? + # in a key') : encodeKey(text);
}

/** A whole lookup as the path of its row: `/accounts(id)`. */
function lookupPath(value: Json, { type }: Slot, refuse: Refuse): string {
  const { text } = readScalar(value, type, refuse);
  const targets = type.targets ?? [];
  const wanted = (value as { table?: Json }).table;
  const target =
    wanted === undefined && targets.length === 1 ? targets[0] : targets.find(({ table }) => table === wanted);
  if (target === undefined)
    return refuse(`must name its table: ${targets.map(({ table }) => table).join(' or ')}`);
  return `/${target.set}(${text})`;
}

function headerText({ text }: Scalar, refuse: Refuse): string {
  return /^[\x20-\x7e]*$/.test(text) ? text : refuse('must be plain ASCII in a header');
}
