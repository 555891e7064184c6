import { nullGuid } from '../guid.ts';
import { formatDateTime } from '../store/date-time.ts';
import { referenceId, toReference } from '../store/entity-reference.ts';
import { DataverseError } from '../store/errors.ts';
import type { ColumnValues, EntityReference, OrganizationStore, StoredRow } from '../store/types.ts';
import { findRows } from './find-rows.ts';
import type { RowChange, TableLogic } from './table-logic.ts';
import { timeMs } from './time-ms.ts';

/** States of a knowledge article. */
const articleState = {
  draft: 0,
  approved: 1,
  scheduled: 2,
  published: 3,
  expired: 4,
  archived: 5,
  discarded: 6,
} as const;

const { draft, approved, scheduled, published, expired, archived, discarded } = articleState;

/** The states that can follow each state. */
const transitions: Readonly<Record<number, readonly number[]>> = {
  [draft]: [approved, scheduled, published, archived, discarded],
  [approved]: [draft, scheduled, published, archived, discarded],
  [scheduled]: [draft, approved, published, archived, discarded],
  [published]: [draft, expired, archived],
  [expired]: [draft, published, archived],
  [archived]: [draft],
  [discarded]: [draft],
};
const publishedStatus = 7;
const expiredStatus = 10;
const archivedStatus = 12;

/**
 * Knowledge articles: each one has a root article that holds its versions and translations together, and its states
 * follow each other.
 * https://learn.microsoft.com/dynamics365/customerengagement/on-premises/developer/work-knowledge-articles
 */
export const knowledgeArticleLogic: TableLogic = {
  before: (change) => (change.current ? enterState(change, change.current) : withRoot(change)),
  after({ store, actor, values }, row) {
    if (row.values.statecode !== published || values.statecode === undefined) return;
    for (const other of versionsOf(store, row)) {
      if (other.id === row.id || other.values.statecode !== published) continue;
      const replaced = { statecode: archived, statuscode: archivedStatus };
      store.update({ table: 'knowledgearticle', id: other.id, values: replaced, actor });
    }
  },
};

function withRoot({ store, actor, values }: RowChange): ColumnValues {
  if (values.isrootarticle === true || values.rootarticleid) return values;
  const languagelocaleid = values.languagelocaleid ?? baseLanguage(store);
  const { articlepublicnumber, title = null } = values;
  const root = store.insert(
    'knowledgearticle',
    {
      title,
      languagelocaleid,
      ...(articlepublicnumber ? { articlepublicnumber } : {}),
      ...(values.ownerid ? { ownerid: values.ownerid } : {}),
      isrootarticle: true,
      islatestversion: false,
    },
    actor,
  );
  return {
    isprimary: true,
    primaryauthorid: { table: 'systemuser', id: actor.userId },
    ...values,
    languagelocaleid,
    articlepublicnumber: root.values.articlepublicnumber ?? null,
    rootarticleid: { table: 'knowledgearticle', id: root.id },
  };
}

/** The language of the organization, English, if it has any. */
function baseLanguage(store: OrganizationStore): EntityReference | null {
  const [language] = findRows(store, 'languagelocale', 'localeid eq 1033');
  return language ? { table: 'languagelocale', id: language.id } : null;
}

function enterState({ values, nowMs }: RowChange, current: StoredRow): ColumnValues {
  const from = Number(current.values.statecode);
  const to = Number(values.statecode ?? from);
  if (from === to) return values;
  if (!transitions[from]?.includes(to)) {
    const message = 'This article state transition is invalid because of the current state of the article';
    throw new DataverseError(400, '0x800404fc', message);
  }
  const publishon = values.publishon ?? current.values.publishon ?? null;
  return to === published && publishon === null ? { ...values, publishon: formatDateTime(nowMs) } : values;
}

/** All versions of an article in its language, also the article itself. */
export function versionsOf(store: OrganizationStore, { values }: StoredRow): readonly StoredRow[] {
  const root = toReference(values.rootarticleid);
  if (!root) return [];
  const language = referenceId(values.languagelocaleid);
  const rows = findRows(store, 'knowledgearticle', `_rootarticleid_value eq ${root.id}`);
  return rows.filter((row) => referenceId(row.values.languagelocaleid) === language);
}

/** Scheduled articles are published and published ones expire. Returns when the next change is due. */
export function advanceKnowledgeArticles(store: OrganizationStore, nowMs: number): number {
  const filter = '(statecode eq 2 and publishon ne null) or (statecode eq 3 and expirationdate ne null)';
  const rows = findRows(store, 'knowledgearticle', filter, {
    select: ['statecode', 'publishon', 'expirationdate'],
  });
  const dueMs = ({ values }: StoredRow): number =>
    timeMs(values.statecode === scheduled ? values.publishon : values.expirationdate);
  const due = rows.filter((row) => dueMs(row) <= nowMs);
  for (const row of due) {
    const values =
      row.values.statecode === scheduled
        ? { statecode: published, statuscode: publishedStatus }
        : { statecode: expired, statuscode: expiredStatus };
    const write = { table: 'knowledgearticle', id: row.id, values, actor: { userId: nullGuid } };
    store.withTime(dueMs(row), () => store.update(write));
  }
  // What was published can also have expired.
  return due.length > 0 ? advanceKnowledgeArticles(store, nowMs) : Math.min(...rows.map(dueMs));
}
