import type { Span } from '../../model/span.ts';
import type { XmlElement } from './read-xml.ts';

/** An element without positions. */
export interface FetchElement {
  readonly name: string;
  readonly attributes: Readonly<Record<string, string>>;
  readonly children: readonly FetchElement[];
  readonly text: string;
}

/**
 * The values of `<condition>`: its attribute `value`, then its `<value>` elements. Query builders write `value=""` beside
 * elements and with operators that need no value; it counts only as the value of an operator that compares with one.
 */
export function readConditionValues({ attributes, children }: FetchElement): readonly string[] {
  const values = children.filter(({ name }) => name === 'value').map(({ text }) => text.trim());
  const { value, operator = '' } = attributes;
  return value === undefined || (value === '' && !isCompared(operator, values)) ? values : [value, ...values];
}

/** Whether `value=""` means the empty text. */
function isCompared(operator: string, values: readonly string[]): boolean {
  return values.length === 0 && emptyTextOperators.has(operator);
}

const emptyTextOperators: ReadonlySet<string> = new Set(
  'eq ne neq gt ge lt le like not-like begins-with not-begin-with ends-with not-end-with'.split(' '),
);

/** The position of each value of a condition, in the order of `readConditionValues`. */
export function findValueSpans(condition: XmlElement): readonly Span[] {
  const elements = condition.children.filter(({ name }) => name === 'value').map(({ textSpan }) => textSpan);
  const own = condition.attributeSpans.value?.value;
  const hasOwn = own !== undefined && readConditionValues(condition).length > elements.length;
  return hasOwn ? [own, ...elements] : elements;
}
