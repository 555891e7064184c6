import type { Json, JsonObject } from '../model/json.ts';
import { readODataPage } from '../odata/read-page.ts';
import { includeDisplayAnnotations } from '../odata/row-annotations.ts';
import { encodeColumnValue } from '../run/codec/encode-value.ts';
import { rejectAt } from '../run/codec/invalid-value.ts';
import { compileRowShaper } from '../run/codec/shape-row.ts';
import { sendApiRequest } from '../run/send-api-request.ts';
import { type Handler, tableOf } from './handler.ts';

/**
 * Finds knowledge articles that contain words, with the full-text search of Dataverse.
 * https://learn.microsoft.com/power-apps/developer/data-platform/webapi/reference/fulltextsearchknowledgearticle
 */
export const searchArticles: Handler = async (input, context): Promise<Json> => {
  const { text, state = null, inflection, limit } = input;
  const { connection, action, options } = context;
  const table = tableOf(context);
  const { choices } = table.columns.find(({ logicalName }) => logicalName === 'statecode') ?? {};
  const { body } = await sendApiRequest(connection, {
    operation: action.id,
    method: 'POST',
    path: '/FullTextSearchKnowledgeArticle',
    headers: { prefer: includeDisplayAnnotations },
    body: {
      SearchText: text ?? '',
      UseInflection: inflection === true,
      // Of several versions of an article, the newest.
      RemoveDuplicates: true,
      StateCode: encodeColumnValue({ type: 'choice', choices }, state, rejectAt('/state')),
      QueryExpression: {
        '@odata.type': 'Microsoft.Dynamics.CRM.QueryExpression',
        EntityName: table.logicalName,
        ColumnSet: { AllColumns: false, Columns: table.columns.map(({ logicalName }) => logicalName) },
        PageInfo: { PageNumber: 1, Count: Number(limit) },
      },
    },
    safety: 'repeatable',
    signal: options.signal,
  });
  const rows = readODataPage(body ?? null).rows.slice(0, Number(limit));
  return rows.map(compileRowShaper(table));
};

/** Removes the links between a case and a knowledge article. */
export const unlinkArticle: Handler = async ({ id, articleId }, { run }): Promise<Json> => {
  const { output } = await run('case.list-articles', { id: id ?? null, limit: 100_000 });
  const links = output as readonly JsonObject[];
  const found = links.filter(({ article }) => (article as JsonObject | null)?.id === articleId);
  for (const link of found) await run('case-article.delete', { id: link.id ?? null });
  return { removed: found.length };
};
