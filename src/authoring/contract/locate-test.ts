import { readYaml } from '../../manifest/read/read-yaml.ts';
import { findSpan, locateSpan, type SourceFile } from '../../manifest/read/source-file.ts';
import { printInline } from '../../manifest/read/yaml-text.ts';
import { applyEdits } from '../../model/apply-edits.ts';
import type { Edit, SourceLocation } from '../../model/diagnostic.ts';
import { isSameJson } from '../../model/json.ts';
import { readPointer, toJsonPointer } from '../../model/json-pointer.ts';
import type { ContractCaseResult } from './run-case.ts';
import type { TestFailure } from './test-failure.ts';

/** Where a failed test says what it expects. */
export function locateFailure(
  { file, index }: ContractCaseResult,
  { part = [] }: TestFailure,
  text: string,
): SourceLocation | undefined {
  const { source } = readYaml(file, text);
  if (source === undefined || index === undefined) return undefined;
  return locateSpan(source, findSpan(source, pointerOf(source, index, part))).location;
}

/** The change of its file after which a test expects what happened; undefined if nothing can be written for it. */
export function updateTest(
  { file, index }: ContractCaseResult,
  { part = [], actual }: TestFailure,
  text: string,
): Edit | undefined {
  const { source } = readYaml(file, text);
  if (source === undefined || index === undefined || actual === undefined) return undefined;
  const pointer = pointerOf(source, index, part);
  const spans = source.nodeSpans.get(pointer);
  if (spans === undefined) return undefined;
  // A value is replaced from its colon on: a list may stand in the lines below it.
  const start = spans.key === undefined ? spans.value.start : text.indexOf(':', spans.key.end) + 1;
  const { end } = trimEnd({ start, end: Math.max(start, spans.value.end) }, text);
  const edit = { start, end, text: `${spans.key === undefined ? '' : ' '}${printInline(actual)}` };
  const updated = readYaml(file, applyEdits(text, [edit])).source?.data ?? null;
  return isSameJson(readPointer(updated, pointer), actual) ? edit : undefined;
}

/** A test with one request has it as `sends` beside `receives`; others have a list of exchanges. */
function pointerOf(source: SourceFile, index: number, part: readonly (string | number)[]): string {
  const test = toJsonPointer('tests', index);
  const [first, at, ...rest] = part;
  const isSole = first === 'exchanges' && at === 0 && !source.nodeSpans.has(`${test}/exchanges`);
  return test + toJsonPointer(...(isSole ? rest : part));
}

/** The parser counts the line break after a block as a part of it. */
function trimEnd({ start, end }: { readonly start: number; readonly end: number }, text: string) {
  return { start, end: start + text.slice(start, end).trimEnd().length };
}
