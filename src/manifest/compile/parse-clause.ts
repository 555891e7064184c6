import { locateFilterPlaceholders } from '../../odata/placeholders/locate-filter-placeholders.ts';
import { fillPlaceholders } from '../../odata/placeholders/placeholder-positions.ts';
import type { Filter } from '../../odata/query/ast.ts';
import { parseFilter } from '../../odata/query/parse-filter.ts';

/** A clause of a `$filter`, with samples for the values of its placeholders. */
export interface ParsedClause {
  readonly filter: Filter;
  /** The text in which the spans of the filter are. */
  readonly text: string;
  /** Whether a placeholder is at this place of the text. */
  readonly isPlaceholder: (start: number) => boolean;
}

/** Parses a clause; undefined if it has errors, or if the whole clause is a placeholder. */
export function parseClause(clause: string): ParsedClause | undefined {
  const parts = clause.split(/\{\{[^{}]*\}\}/);
  const located = locateFilterPlaceholders(parts);
  if (!located.ok || located.positions.includes('condition')) return undefined;
  const { text, placeholders } = fillPlaceholders(parts);
  const samples = new Map(
    placeholders.map(({ name }, at) => [name, samplePlaceholders[located.positions[at] ?? ''] ?? 'null']),
  );
  const parsed = parseFilter(text, samples);
  if (!parsed.ok) return undefined;
  const isPlaceholder = (start: number) => placeholders.some((one) => one.start === start);
  return { filter: parsed.value, text, isPlaceholder };
}

/** Sample values of placeholders, by position; `null` is valid in all other positions. */
const samplePlaceholders: Readonly<Record<string, string>> = {
  'filter-text': "'a'",
  'filter-list': '["1"]',
  'filter-name': 'createdon',
};
