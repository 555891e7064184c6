import type { DetailedIssue } from '../../model/diagnostic.ts';
import { isJsonObject, type Json } from '../../model/json.ts';
import { parseJsonPointer } from '../../model/json-pointer.ts';
import { lowerFirst } from '../../model/lower-first.ts';
import type { Validator } from '../../validation/validator.ts';
import { requestForms } from '../grammar/action-grammar.ts';
import { type GrammarName, grammars } from '../grammar/index.ts';
import { explainUnknownKey, findMeantKey } from './key-hints.ts';
import type { SourceNode } from './source-node.ts';
import { suggestName, suggestValue, type ValueSuggestion } from './suggest-value.ts';
import { printInline } from './yaml-text.ts';

const codes: Readonly<Record<string, string>> = {
  additionalProperties: 'M102',
  propertyNames: 'M102',
  required: 'M103',
  dependencies: 'M103',
};

/** The result of checking a file against its grammar. */
export interface GrammarResult {
  /** The pointers of values that cannot be compiled: all but unknown keys, without which the file is complete. */
  readonly broken: readonly string[];
}

/** Checks a file against its grammar and reports the issues. */
export function checkGrammar(kind: GrammarName, node: SourceNode, validator: Validator): GrammarResult {
  const all = validator.detailedIssues(grammars[kind], node.source.data);
  const issues = withoutConsequences(all, node);
  for (const issue of issues) report(issue, node);
  // A required key that is misspelled is reported as such, and is missing all the same.
  const broken = [...issues, ...all.filter(({ keyword }) => keyword === 'required')];
  return {
    broken: broken.flatMap((issue) => (issue.keyword === 'additionalProperties' ? [] : [issue.path])),
  };
}

/**
 * Removes issues that follow from another one: a key that is unknown anyway, and a required key that is there with a
 * spelling mistake.
 */
function withoutConsequences(issues: readonly DetailedIssue[], node: SourceNode): readonly DetailedIssue[] {
  const verbs = readVerbs(node.source.data);
  const misspelled = new Set(
    issues.flatMap(({ keyword, path, expected }) => {
      if (keyword !== 'additionalProperties' && keyword !== 'propertyNames') return [];
      const tokens = parseJsonPointer(path);
      const at = node.at(...tokens);
      const free = (expected.names ?? []).filter((known) => !at.hasSibling(known));
      const name = tokens.at(-1) ?? '';
      const meant = findMeantKey(name, free) ?? suggestName(name, free)?.replacement;
      return meant === undefined ? [] : [[...tokens.slice(0, -1), meant].join('/')];
    }),
  );
  const disallowed = new Set(
    issues.flatMap(({ keyword, path }) => (keyword === 'propertyNames' ? [path] : [])),
  );
  return issues.filter(({ keyword, path }) => {
    const tokens = parseJsonPointer(path);
    if (keyword === 'required' && misspelled.has(tokens.join('/'))) return false;
    // A request is missing only because its alternative is misspelled.
    if (keyword === 'required' && path === '/request' && misspelled.has('steps')) return false;
    if (keyword === 'additionalProperties' && disallowed.has(path)) return false;
    // Two verbs in one request contradict each other in many ways; the compiler says it once.
    return !(verbs > 1 && tokens[0] === 'request' && tokens.length === 2);
  });
}

function readVerbs(data: Json): number {
  const request = isJsonObject(data) ? data.request : undefined;
  return isJsonObject(request)
    ? Object.keys(requestForms).filter((verb) => Object.hasOwn(request, verb)).length
    : 0;
}

function report(issue: DetailedIssue, node: SourceNode): void {
  const { path, message, keyword, expected } = issue;
  const code = codes[keyword] ?? 'M104';
  const tokens = parseJsonPointer(path);
  const at = node.at(...tokens);
  if (code === 'M102') reportUnknownKey(issue, tokens, at);
  else if (code === 'M103') at.error(code, message, { fix: describeMissing(issue, tokens) });
  else {
    const suggestion = suggestValue(at.data ?? null, at.raw, expected);
    at.error(code, `${quoteKey(tokens)} ${shorten(message)}`, suggestion);
  }
}

function reportUnknownKey(
  { message, expected }: DetailedIssue,
  tokens: readonly string[],
  at: SourceNode,
): void {
  const name = tokens.at(-1) ?? '';
  const [summary = ''] = message.split(': did you mean ');
  const hint = explainUnknownKey(tokens);
  const similar = suggestName(
    name,
    (expected.names ?? []).filter((known) => !at.hasSibling(known)),
  );
  const isOther = findMeantKey(name, expected.names ?? []) !== undefined;
  const suggestion =
    hint !== undefined && (isOther || similar?.replacement === undefined) ? { fix: hint } : similar;
  const isTemplate = name.includes('{{');
  const text = isTemplate ? 'a key cannot have a placeholder' : summary;
  const fix = isTemplate ? { fix: 'write the name itself; only values can be placeholders' } : suggestion;
  at.error('M102', text, { key: true, ...(fix ?? proposeName(name, at)) });
}

const nameHelp = { fix: 'begin with a letter from a to z, and use letters and digits' };

/** A name as the grammar wants it, if the object does not have it already. */
function proposeName(name: string, at: SourceNode): ValueSuggestion {
  const proposed = toName(name);
  if (!/^[a-z][A-Za-z0-9]*$/.test(proposed) || at.hasSibling(proposed)) return nameHelp;
  return suggestName(name, [proposed]) ?? nameHelp;
}

/** A name as the grammar wants it: `My name` -> `myName`. */
function toName(text: string): string {
  const words = text.split(/[^A-Za-z0-9]+/).filter((word) => word !== '');
  return words
    .map((word, index) => (index === 0 ? lowerFirst(word) : word.charAt(0).toUpperCase() + word.slice(1)))
    .join('');
}

function describeMissing({ expected, keyword }: DetailedIssue, tokens: readonly string[]): string {
  const name = tokens.at(-1) ?? '';
  if (keyword === 'dependencies') return 'write both, or neither';
  const { example } = expected;
  return example === undefined ? `add ${name}:` : `add ${name}: ${printInline(example)}`;
}

/** A message with a list of many allowed values, without the list: the fix names the nearest. */
function shorten(message: string): string {
  return message.length > 160 && message.startsWith('must be one of: ')
    ? 'has a value that is not known'
    : message;
}

/** `"for"` for /for/0, `"method"` for /request/method. */
function quoteKey(tokens: readonly string[]): string {
  const name = tokens.findLast((token) => !/^\d+$/.test(token));
  return name === undefined ? 'the file' : `"${name}"`;
}
