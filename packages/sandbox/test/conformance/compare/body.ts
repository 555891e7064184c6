import type { Exchange } from '../exchange.ts';
import { isObject, parseJsonText } from '../json-text.ts';
import { compareContext } from './context.ts';
import { type Difference, difference, show } from './difference.ts';
import { compareErrors } from './errors.ts';
import { compareLists } from './lists.ts';
import { compareMembers, compareObjects } from './objects.ts';

/** Compares two bodies: empty, a text (`$count`), or JSON. */
export function compareBodies(exchange: Exchange, expected: string, found: string): readonly Difference[] {
  const wanted = expected.trim();
  if (wanted === '') return found === '' ? [] : [difference('body', 'a body where Dataverse sends none')];
  if (/^\{\s*…\s*\}$/.test(wanted)) return parse(found) ? [] : [difference('body', 'the body is not JSON')];
  const expectedJson = parse(wanted);
  const foundJson = parse(found);
  if (!isObject(expectedJson)) return compareTexts(wanted, found);
  if (!isObject(foundJson)) return [difference('body', `the body is ${show(found)} instead of JSON`)];
  return [...compareDocuments(exchange, expectedJson, foundJson), ...compareEscapes(exchange, wanted, found)];
}

function parse(text: string): unknown {
  try {
    return parseJsonText(text);
  } catch {
    return undefined;
  }
}

/** A count depends on the rows of the organization: it is compared as a count. */
function compareTexts(expected: string, found: string): readonly Difference[] {
  const isSame = /^\d+$/.test(expected) ? /^\d+$/.test(found) : expected === found;
  return isSame ? [] : [difference('body', `the body is ${show(found)} instead of ${show(expected)}`)];
}

function compareDocuments(
  exchange: Exchange,
  expected: Record<string, unknown>,
  found: Record<string, unknown>,
): readonly Difference[] {
  if (isObject(expected.error)) return compareErrors(exchange, expected.error, found.error);
  const differences = compareContext(exchange, expected['@odata.context'], found['@odata.context']);
  if (!Array.isArray(expected.value)) {
    return [...differences, ...compareObjects(exchange, '', [expected, found])];
  }
  const { value: expectedRows, ...expectedTop } = expected;
  const { value: foundRows, ...foundTop } = found;
  const list = Array.isArray(foundRows) ? foundRows : [];
  return [
    ...differences,
    ...(Array.isArray(foundRows) ? [] : [difference('members', '/value is not a list')]),
    ...compareMembers(exchange, '', [expectedTop, foundTop]),
    ...compareLists(exchange, '/value', [expectedRows as unknown[], list]),
  ];
}

/** Dataverse sends characters outside ASCII as escapes. */
function compareEscapes({ format }: Exchange, expected: string, found: string): readonly Difference[] {
  return format === 'documentation' || isAscii(found) || !isAscii(expected)
    ? []
    : [difference('escapes', 'characters outside ASCII are not escaped')];
}

const isAscii = (text: string): boolean => [...text].every((character) => character.charCodeAt(0) < 128);
