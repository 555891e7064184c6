import { isJsonObject } from 'dynamics365-connector/base';
import { findRows } from '../logic/find-rows.ts';
import { versionsOf } from '../logic/knowledge-articles.ts';
import { formatDateTime } from '../store/date-time.ts';
import { referenceId, referenceTo } from '../store/entity-reference.ts';
import { requireTable } from '../store/require-table.ts';
import type { ColumnValues, StoredRow } from '../store/types.ts';
import { buildRowShape } from '../web-api/build-row-shape.ts';
import { invalidArgument } from '../web-api/errors.ts';
import { contextUrl, jsonResponse, noContentResponse } from '../web-api/responses.ts';
import { serializeRows } from '../web-api/serialize-rows.ts';
import type { WebApiResponse } from '../web-api/types.ts';
import { insertValues, updateValues } from '../web-api/write/save-values.ts';
import {
  readBooleanParameter,
  readIntegerParameter,
  readRowParameter,
  readStringParameter,
  readTimeParameter,
} from './parameters.ts';
import { toFetchXml } from './query-expression.ts';
import { rowResponse } from './row-response.ts';
import { findTermRanges, parseSearchText } from './search-text.ts';
import type { OperationContext, WebApiOperation } from './types.ts';

/** Operations on knowledge articles. */
export const knowledgeOperations: readonly WebApiOperation[] = [
  {
    name: 'CreateKnowledgeArticleVersion',
    kind: 'action',
    parameters: { Source: 'required', IsMajor: 'required' },
    run: (call) => rowResponse(call, createVersion(call)),
  },
  {
    name: 'CreateKnowledgeArticleTranslation',
    kind: 'action',
    parameters: { Source: 'required', Language: 'required', IsMajor: 'optional' },
    run: (call) => rowResponse(call, createTranslation(call)),
  },
  {
    name: 'IncrementKnowledgeArticleViewCount',
    kind: 'action',
    parameters: { Source: 'required', ViewDate: 'required', Location: 'required', Count: 'required' },
    run(call) {
      countViews(call);
      return noContentResponse(call.context);
    },
  },
  {
    name: 'FullTextSearchKnowledgeArticle',
    kind: 'action',
    parameters: {
      SearchText: 'required',
      UseInflection: 'required',
      RemoveDuplicates: 'required',
      StateCode: 'required',
      QueryExpression: 'required',
    },
    run: searchArticles,
  },
];

const copiedColumns = [
  ...['title', 'content', 'description', 'keywords', 'articlepublicnumber', 'rootarticleid', 'subjectid'],
  ...['isinternal', 'ownerid', 'primaryauthorid'],
];

function copyArticle({ values }: StoredRow): ColumnValues {
  return Object.fromEntries(copiedColumns.map((column) => [column, values[column] ?? null]));
}

function requireArticle(call: OperationContext): StoredRow {
  const source = readRowParameter(call, 'Source', 'knowledgearticle');
  if (source.table === 'knowledgearticle' && source.values.isrootarticle !== true) return source;
  throw invalidArgument(`The Source of '${call.operation.name}' must be a knowledge article.`);
}

/** Creates a draft that follows the latest version: 1.0 is followed by 1.1 or 2.0. */
function createVersion(call: OperationContext): StoredRow {
  const source = requireArticle(call);
  const versions = versionsOf(call.context.org.store, source);
  const latest = versions.toSorted((a, b) => compareVersions(b, a))[0] ?? source;
  const { majorversionnumber: major, minorversionnumber: minor } = latest.values;
  const isMajor = readBooleanParameter(call, 'IsMajor');
  const created = insertValues(call.context, 'knowledgearticle', {
    ...copyArticle(source),
    languagelocaleid: source.values.languagelocaleid ?? null,
    parentarticlecontentid: source.values.parentarticlecontentid ?? null,
    isprimary: source.values.isprimary ?? false,
    previousarticlecontentid: referenceTo(source),
    majorversionnumber: isMajor ? Number(major) + 1 : Number(major),
    minorversionnumber: isMajor ? 0 : Number(minor) + 1,
  });
  for (const version of versions.filter(({ values }) => values.islatestversion === true)) {
    updateValues(call.context, version, { islatestversion: false });
  }
  return created;
}

function compareVersions({ values: a }: StoredRow, { values: b }: StoredRow): number {
  const byMajor = Number(a.majorversionnumber) - Number(b.majorversionnumber);
  return byMajor === 0 ? Number(a.minorversionnumber) - Number(b.minorversionnumber) : byMajor;
}

function createTranslation(call: OperationContext): StoredRow {
  const source = requireArticle(call);
  const language = readRowParameter(call, 'Language', 'languagelocale');
  const { majorversionnumber: major, minorversionnumber: minor } = source.values;
  return insertValues(call.context, 'knowledgearticle', {
    ...copyArticle(source),
    languagelocaleid: referenceTo(language),
    parentarticlecontentid: referenceTo(source),
    isprimary: false,
    majorversionnumber: major ?? 1,
    minorversionnumber: minor ?? 0,
  });
}

/** Adds views to the row of the article, day and location. */
function countViews(call: OperationContext): void {
  const { systemStore: store } = call.context.org;
  const article = requireArticle(call);
  const viewMs = readTimeParameter(call, 'ViewDate');
  const viewdate = `${formatDateTime(viewMs).slice(0, 10)}T00:00:00Z`;
  const location = readIntegerParameter(call, 'Location');
  const count = readIntegerParameter(call, 'Count');
  const filter = `_knowledgearticleid_value eq ${article.id} and viewdate eq ${viewdate} and location eq ${location}`;
  const [existing] = findRows(store, 'knowledgearticleviews', filter);
  if (existing) {
    const sum = Number(existing.values.knowledgearticleview ?? 0) + count;
    updateValues(call.context, existing, { knowledgearticleview: sum });
    return;
  }
  const values = {
    knowledgearticleid: referenceTo(article),
    viewdate,
    location,
    knowledgearticleview: count,
  };
  insertValues(call.context, 'knowledgearticleviews', values);
}

/** The articles of a query whose texts have all words. */
function searchArticles(call: OperationContext): WebApiResponse {
  const { context, parameters } = call;
  const { store } = context.org;
  const table = requireTable(store.model, 'knowledgearticle');
  const matches = createTextMatcher(call);
  const state = readIntegerParameter(call, 'StateCode');
  const found = store
    .fetchXml(readQuery(parameters.QueryExpression), context.actor)
    .rows.flatMap(({ id }) => store.read('knowledgearticle', id) ?? [])
    .filter(({ values }) => values.isrootarticle !== true && values.statecode === state)
    .filter(matches);
  const rows = readBooleanParameter(call, 'RemoveDuplicates') ? latestOfEach(found) : found;
  const shape = buildRowShape(store.model, table, { isList: true });
  return jsonResponse(context, {
    '@odata.context': contextUrl(context, 'knowledgearticles'),
    value: serializeRows(rows, shape, {
      store,
      base: context.base,
      prefer: context.prefer,
      format: context.format,
      isList: true,
    }),
  });
}

function readQuery(query: unknown): string {
  if (isJsonObject(query) && typeof query.Query === 'string') return query.Query;
  return toFetchXml(query);
}

/** With inflection, a word matches the words that begin with its stem. */
function createTextMatcher(call: OperationContext): (row: StoredRow) => boolean {
  const inflected = readBooleanParameter(call, 'UseInflection');
  const terms = parseSearchText(readStringParameter(call, 'SearchText'), 'simple').map((term) =>
    inflected ? { ...term, words: term.words.map(stemOf), isPrefix: true } : term,
  );
  return ({ values }) => {
    const text = ['title', 'content', 'keywords', 'description', 'articlepublicnumber']
      .map((column) => values[column] ?? '')
      .join('\n');
    return terms.every((term) => findTermRanges(term, text).length > 0);
  };
}

const stemOf = (word: string): string => word.replace(/(?<=\w{3})(?:ing|ed|es|s)$/, '');

/** The newest of the versions of each article. */
function latestOfEach(rows: readonly StoredRow[]): readonly StoredRow[] {
  const byArticle = Map.groupBy(rows, ({ values }) =>
    [values.rootarticleid, values.languagelocaleid].map((each) => referenceId(each)).join(),
  );
  return [...byArticle.values()].flatMap((versions) => versions.toSorted(compareVersions).slice(-1));
}
