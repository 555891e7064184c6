import { isLookup, odataPropertyName } from '../../../src/model/attribute.ts';
import type { Attribute, Model, TableModel } from '../../../src/model/types.ts';
import type { Random } from '../../../src/random.ts';
import { type Exchange, firstSegment } from '../exchange.ts';
import { isObject, NumberText, parseJsonText, writeJsonText } from '../json-text.ts';
import { type ChangeText, createTextMap } from './text-map.ts';

type Row = Readonly<Record<string, unknown>>;

/** Columns whose texts have a meaning or a form of their own. */
const fixedTexts =
  /^(?:mimetype|documentbody|filename|ticketnumber|entityimage\w*|\w*id|traversedpath|languagecode)$/;
const numberTypes = new Set(['Integer', 'Decimal', 'Double', 'Money']);
const formatted = '@OData.Community.Display.V1.FormattedValue';

/** Replaces the names, texts and numbers in the rows of a request and its response. */
export function shuffleValues(exchange: Exchange, model: Model, random: Random): Exchange {
  const { request, response } = exchange;
  // A condition compares values with parts of texts: those exchanges keep their values.
  if (!response || /[?&](?:\$filter|\$apply|fetchXml)=/i.test(request.url)) return exchange;
  const requested = parseRow(request.method === 'GET' ? undefined : request.body);
  const answered = parseRow(response.body);
  const table = tableOf(exchange, model, answered);
  if (
    !table ||
    (answered && 'error' in answered) ||
    (requested && !/\/\w+(?:\([^/]*\))?(?:\?.*)?$/.test(request.url))
  ) {
    return exchange;
  }
  const texts: string[] = [];
  const collectText = (text: string): string => {
    texts.push(text);
    return text;
  };
  const collect: ValueMap = { text: collectText, number: (text) => text };
  const values = { model, url: request.url };
  changeBody({ ...values, map: collect }, table, requested);
  changeBody({ ...values, map: collect }, table, answered);
  const map = { text: createTextMap(texts, random), number: createNumberMap(random) };
  const change = (row: Row | undefined) => row && writeJsonText(changeBody({ ...values, map }, table, row));
  return {
    ...exchange,
    request: { ...request, body: change(requested) ?? request.body },
    response: { ...response, body: change(answered) ?? response.body },
  };
}

function parseRow(body: string | undefined): Row | undefined {
  try {
    const value = parseJsonText(body ?? '');
    return isObject(value) ? value : undefined;
  } catch {
    return undefined;
  }
}

/** The table of the rows: of the response's context, or else of the URL. */
function tableOf({ request }: Exchange, model: Model, answered: Row | undefined): TableModel | undefined {
  const context = /#(\w+)/.exec(String(answered?.['@odata.context']))?.[1];
  const requested = firstSegment(request.url) ?? '';
  if (request.method !== 'GET' && context !== undefined && context !== requested) return undefined;
  return model.tableBySet(context ?? requested);
}

interface ValueMap {
  readonly text: ChangeText;
  readonly number: ChangeText;
}

interface Change {
  readonly model: Model;
  readonly url: string;
  readonly map: ValueMap;
}

function changeBody(change: Change, table: TableModel, body: Row | undefined): Row {
  if (!body) return {};
  if (!Array.isArray(body.value)) return changeRow(change, table, body);
  return { ...body, value: body.value.map((row) => (isObject(row) ? changeRow(change, table, row) : row)) };
}

function changeRow(change: Change, table: TableModel, row: Row): Row {
  return Object.fromEntries(
    Object.entries(row).map(([name, value]) => [name, changeMember(change, table, { row, name, value })]),
  );
}

function changeMember(
  change: Change,
  table: TableModel,
  { row, name, value }: { row: Row; name: string; value: unknown },
): unknown {
  const { model, map } = change;
  if (isObject(value)) return changeRelated(change, table, { name, rows: [value] })[0];
  if (Array.isArray(value)) return changeRelated(change, table, { name, rows: value });
  const isFormatted = name.endsWith(formatted);
  const attribute = findAttribute(model, table, isFormatted ? name.slice(0, -formatted.length) : name);
  if (!attribute) return value;
  if (isFormatted) return isLookup(attribute) && typeof value === 'string' ? map.text(value) : value;
  if (typeof value === 'string') return isText(attribute) ? map.text(value) : value;
  const canChange =
    value instanceof NumberText && numberTypes.has(attribute.type) && !(`${name}${formatted}` in row);
  return canChange && !isOrdered(change.url, name) ? new NumberText(map.number(value.text)) : value;
}

function changeRelated(
  change: Change,
  table: TableModel,
  { name, rows }: { name: string; rows: readonly unknown[] },
): readonly unknown[] {
  const navigation = change.model.navigation(table, name);
  const target = navigation && change.model.table(navigation.target);
  return target ? rows.map((row) => (isObject(row) ? changeRow(change, target, row) : row)) : rows;
}

function findAttribute(model: Model, table: TableModel, name: string): Attribute | undefined {
  const found = model.attribute(table, name);
  return found ?? table.attributes.find((attribute) => odataPropertyName(attribute) === name);
}

const isText = ({ type, logicalName }: Attribute): boolean =>
  (type === 'String' || type === 'Memo') && !fixedTexts.test(logicalName);

const isOrdered = (url: string, name: string): boolean =>
  new RegExp(`[?&]\\$orderby=[^&]*\\b${name}\\b`).test(url);

/** Random numbers with the digits of the old ones, not greater, so that they stay in the range of their column. */
function createNumberMap(random: Random): ChangeText {
  const known = new Map<string, string>();
  return (text) => {
    const [, sign = '', whole = '', rest = ''] = /^(-?)(\d+)(.*)$/.exec(text) ?? [];
    const least = whole.length === 1 ? 1 : 10 ** (whole.length - 1);
    // The number 1 is the rate of a base currency, 0 a default.
    if (Number(whole) <= 1) return text;
    const value = known.get(whole) ?? String(least + Math.floor(random.next() * (Number(whole) - least + 1)));
    known.set(whole, value);
    return `${sign}${value}${rest}`;
  };
}
