import type { Table } from '../../../../src/model/table.ts';
import { activityVerbs } from './activity-verbs.ts';
import { anyVerbs } from './any-verbs.ts';
import { articleVerbs } from './article-verbs.ts';
import { caseVerbs } from './case-verbs.ts';
import { findVerbs } from './find-verbs.ts';
import type { Exercise, VerbExercise } from './fixture.ts';
import { insightVerbs, recordInsightVerbs } from './insight-verbs.ts';
import { linkVerbs } from './link-verbs.ts';
import { manyVerbs } from './many-verbs.ts';
import { messageVerbs } from './message-verbs.ts';
import { rowVerbs } from './row-verbs.ts';
import { salesVerbs } from './sales-verbs.ts';
import { workVerbs } from './work-verbs.ts';

const verbs: Readonly<Record<string, VerbExercise>> = {
  ...rowVerbs,
  ...findVerbs,
  ...manyVerbs,
  ...linkVerbs,
  ...insightVerbs,
};
const own: Readonly<Record<string, Exercise>> = {
  ...activityVerbs,
  ...articleVerbs,
  ...caseVerbs,
  ...messageVerbs,
  ...salesVerbs,
  ...workVerbs,
  ...anyVerbs,
  ...recordInsightVerbs,
};

/** The exercise of an action: its own, or the one that it shares with the same action of other tables. */
export function findExercise(action: string, tables: Readonly<Record<string, Table>>): Exercise | undefined {
  const [name = '', verb = ''] = action.split('.');
  const table = tables[name];
  const shared = verbs[verb];
  return own[action] ?? (table && shared && ((fixture) => shared(fixture, table, action)));
}
