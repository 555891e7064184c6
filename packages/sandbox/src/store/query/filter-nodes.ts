import type { Comparison, Literal } from 'dynamics365-connector/odata';

const noSpan = { start: 0, end: 0 };

/** A GUID as a literal of a filter. */
export const guidLiteral = (text: string): Literal => ({ kind: 'guid', text, ...noSpan });

/** A text as a literal of a filter. */
export const stringLiteral = (value: string): Literal => ({ kind: 'string', value, ...noSpan });

/** The filter `column eq literal`. A lookup is given by its property name: `_customerid_value`. */
export const columnEquals = (column: string, literal: Literal): Comparison => ({
  kind: 'compare',
  operator: 'eq',
  left: { kind: 'path', segments: [column], ...noSpan },
  right: literal,
  ...noSpan,
});

/** A number as a literal of a filter. */
export const numberLiteral = (value: number): Literal => ({ kind: 'number', text: String(value), ...noSpan });
