import type { Attribute } from '../model/types.ts';
import { badArgument, badPayload, refuse } from '../protocol/refusal.ts';
import { wireValue } from '../protocol/wire.ts';
import { isObject } from '../protocol/write/payload.ts';
import type { Row } from '../store/types.ts';
import { answerOf, booleanParameter, integerParameter, textParameter } from './parameters.ts';
import { rowsOf, type SearchScope, scopesOf } from './search-scope.ts';
import { findTerm, markSpans, readSearchText, type Term } from './search-text.ts';
import type { Call, Operation } from './types.ts';

/**
 * Relevance search over all rows. Its lists and settings are JSON in texts, and so is its answer.
 * https://learn.microsoft.com/power-apps/developer/data-platform/search/query
 */
export const searchOperation: Operation = {
  name: 'searchquery',
  kind: 'action',
  parameters: {
    search: 'required',
    count: 'optional',
    entities: 'optional',
    facets: 'optional',
    filter: 'optional',
    options: 'optional',
    orderby: 'optional',
    propertybag: 'optional',
    skip: 'optional',
    top: 'optional',
  },
  run(call) {
    refuseWhereOff(call);
    const wanted = readWanted(call);
    const hits = scopesOf(call, jsonOf(call, 'entities')).flatMap((scope) => hitsOf(call, scope, wanted));
    const [skip, top] = [pageNumber(call, 'skip', 0), pageNumber(call, 'top', 50)];
    const response = {
      Error: null,
      Value: hits
        .sort(orderOf(call))
        .slice(skip, skip + top)
        .map(tell),
      Facets: {},
      QueryContext: null,
      Count: booleanParameter(call, 'count') ? hits.length : -1,
    };
    return answerOf(call, { response: JSON.stringify(response) });
  },
};

/** A row that fits, and how well. */
interface Hit {
  readonly scope: SearchScope;
  readonly row: Row;
  readonly score: number;
  /** By logical name of the column: its text with the hits marked. */
  readonly highlights: Readonly<Record<string, string>>;
}

interface Wanted {
  readonly terms: readonly Term[];
  /** A row must have every term, not just any. */
  readonly all: boolean;
  readonly filter?: string;
}

function refuseWhereOff({ exchange }: Call): void {
  const { store, organisationId } = exchange.org;
  if (store.read('organization', organisationId)?.values.isexternalsearchindexenabled === false) {
    throw refuse(400, '0x80048d0b', 'Dataverse search is not enabled for this organization.');
  }
}

function readWanted(call: Call): Wanted {
  const search = textParameter(call, 'search');
  if (search.trim() === '' || search.length > 100) {
    throw badArgument("The parameter 'search' must have 1 to 100 characters.");
  }
  if (jsonOf(call, 'facets') !== undefined) throw badArgument("The sandbox's search counts no facets.");
  const options = jsonOf(call, 'options') ?? {};
  if (!isObject(options)) throw badArgument("The parameter 'options' must be an object in JSON.");
  const filter = (call.parameters.filter ?? null) === null ? undefined : textParameter(call, 'filter');
  return {
    terms: readSearchText(search, options.querytype === 'lucene' ? 'lucene' : 'simple'),
    all: options.searchmode === 'all',
    ...(filter !== undefined && { filter }),
  };
}

/** What a text holds as JSON; undefined for `null`, too. */
function jsonOf(call: Call, name: string): unknown {
  if ((call.parameters[name] ?? null) === null) return undefined;
  try {
    return JSON.parse(textParameter(call, name)) ?? undefined;
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error;
    throw badPayload(call.operation.name, `The parameter '${name}' is not valid JSON.`);
  }
}

function pageNumber(call: Call, name: 'top' | 'skip', usual: number): number {
  const number = (call.parameters[name] ?? null) === null ? usual : integerParameter(call, name);
  if (number >= 0 && (name === 'skip' || number <= 100)) return number;
  throw badArgument(`The parameter '${name}' is out of range.`);
}

function hitsOf(call: Call, scope: SearchScope, wanted: Wanted): readonly Hit[] {
  return [...rowsOf(call, scope, wanted.filter)].flatMap((row) => judge(scope, row, wanted) ?? []);
}

/** A hit in the name of a row counts three times as much as one elsewhere. */
function judge(scope: SearchScope, row: Row, { terms, all }: Wanted): Hit | undefined {
  const columns = scope.searched.flatMap(({ logicalName }) => {
    const text = row.values[logicalName];
    if (typeof text !== 'string') return [];
    const found = terms.map((term) => findTerm(term, text));
    return [{ logicalName, text, found, weight: logicalName === scope.table.primaryName ? 3 : 1 }];
  });
  const has = terms.map((_, index) => columns.some(({ found }) => found[index]!.length > 0));
  if (!fits(terms, has, all)) return undefined;
  const hit = columns.filter(({ found }) => found.flat().length > 0);
  return {
    ...{ scope, row },
    score: hit.reduce((sum, { found, weight }) => sum + weight * found.flat().length, 0),
    highlights: Object.fromEntries(
      hit.map(({ logicalName, text, found }) => [logicalName, markSpans(text, found.flat())]),
    ),
  };
}

/** Where any term will do, the absence of a `-not` does, too, as in Azure's search. */
function fits(terms: readonly Term[], has: readonly boolean[], all: boolean): boolean {
  const holds = terms.map(({ need }, index) => (need === 'not' ? !has[index] : has[index]!));
  if (all) return terms.length > 0 && !holds.includes(false);
  const musts = holds.filter((_, index) => terms[index]!.need === 'must');
  return musts.length > 0 ? !musts.includes(false) : holds.includes(true);
}

/** `["@search.score desc","modifiedon desc"]`; the best first unless told. */
function orderOf(call: Call): (one: Hit, other: Hit) => number {
  const items = jsonOf(call, 'orderby') ?? ['@search.score desc'];
  if (!Array.isArray(items)) throw badArgument("The parameter 'orderby' must be a list in JSON.");
  const keys = items.map((item) => {
    const [, name, direction] = /^(@search\.score|\w+)(?: (asc|desc))?$/.exec(String(item)) ?? [];
    if (name === undefined) throw badArgument(`'${String(item).slice(0, 100)}' is no order.`);
    return { name, sign: direction === 'desc' ? -1 : 1 };
  });
  return (one, other) => {
    for (const { name, sign } of keys) {
      const order = compare(placeOf(one, name), placeOf(other, name));
      if (order !== 0) return sign * order;
    }
    return 0;
  };
}

function placeOf({ score, row }: Hit, name: string) {
  const value = name === '@search.score' ? score : (row.values[name] ?? '');
  return typeof value === 'number' ? value : String(value);
}

function compare(one: string | number, other: string | number): number {
  if (one === other) return 0;
  return one < other ? -1 : 1;
}

function tell({ scope: { table, told, searched }, row, score, highlights }: Hit) {
  const isTold = ({ logicalName }: Attribute) => {
    return logicalName === table.primaryName || Object.hasOwn(highlights, logicalName);
  };
  const columns = (told ?? searched.filter(isTold)).map((column) => {
    return [column.logicalName, wireValue(column, row.values[column.logicalName] ?? null)] as const;
  });
  return {
    Id: row.id,
    EntityName: table.logicalName,
    ObjectTypeCode: table.typeCode,
    Attributes: { '@search.objecttypecode': table.typeCode, ...Object.fromEntries(columns) },
    Highlights: Object.fromEntries(Object.entries(highlights).map(([name, text]) => [name, [text]])),
    Score: score,
  };
}
