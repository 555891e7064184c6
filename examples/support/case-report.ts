import type { CaseRow } from 'dynamics365-connector/operations';
import { formatChoice } from './format-choice.ts';

/** Columns of the export. */
export const caseColumns = [
  'number',
  'title',
  'priority',
  'origin',
  'state',
  'satisfaction',
  'createdOn',
  'hours',
] as const;

/** One exported case. */
export interface CaseRecord extends Readonly<Record<(typeof caseColumns)[number], string | number | null>> {
  readonly id: string;
  readonly priority: string;
  readonly satisfaction: string;
  /** Hours from creation to resolution, with one decimal. */
  readonly hours: number | null;
}

/** The record of a case that was resolved at the given time, if it was. */
export function toCaseRecord(row: CaseRow, resolvedOn: string | undefined): CaseRecord {
  const { id, number = null, title = null, createdOn = null, state } = row;
  return {
    id,
    number,
    title,
    priority: formatChoice(row.priority),
    origin: formatChoice(row.origin),
    state: formatChoice(state),
    satisfaction: formatChoice(row.satisfaction),
    createdOn,
    hours: state === 'resolved' && createdOn && resolvedOn ? hoursBetween(createdOn, resolvedOn) : null,
  };
}

function hoursBetween(start: string, end: string): number {
  return Math.round((Date.parse(end) - Date.parse(start)) / 360_000) / 10;
}

/** From 1 to 5, as Dataverse counts them. */
const satisfactionLevels = ['very-dissatisfied', 'dissatisfied', 'neutral', 'satisfied', 'very-satisfied'];

/** Lines of a table: cases, average hours to resolution and average satisfaction, by priority. */
export function formatAverages(records: readonly CaseRecord[]): readonly string[] {
  const groups = Map.groupBy(records, ({ priority }) => priority);
  const formatRow = (cells: readonly string[]) =>
    cells.map((cell, index) => (index === 0 ? cell.padEnd(8) : cell.padStart(13))).join('');
  return [
    formatRow(['priority', 'cases', 'avg. hours', 'satisfaction']),
    ...[...groups].map(([priority, group]) => {
      const hours = group.map((record) => record.hours).filter((value) => value !== null);
      const ratings = group
        .map(({ satisfaction }) => satisfactionLevels.indexOf(satisfaction) + 1)
        .filter((level) => level > 0);
      return formatRow([priority, String(group.length), formatAverage(hours), formatAverage(ratings)]);
    }),
  ];
}

function formatAverage(values: readonly number[]): string {
  if (values.length === 0) return '-';
  return (values.reduce((sum, value) => sum + value, 0) / values.length).toFixed(1);
}
