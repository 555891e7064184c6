import type { Issue } from '../model/diagnostic.ts';
import { parseJsonPointer } from '../model/json-pointer.ts';
import type { Validator } from '../validation/validator.ts';
import { type GrammarName, grammars } from './grammar/index.ts';
import type { SourceNode } from './source-node.ts';

const codes: Readonly<Record<string, string>> = {
  additionalProperties: 'M102',
  propertyNames: 'M102',
  required: 'M103',
  dependencies: 'M103',
};

/**
 * Holds a file against its grammar; says whether it can be read on: it fits, or has keys that mean nothing and nothing
 * else wrong, so that what else is wrong is told at once. A mistyped key ends the reading: what it was to say is missing.
 */
export function checkGrammar(kind: GrammarName, node: SourceNode, validator: Validator): boolean {
  const issues = validator.issues(grammars[kind], node.source.data);
  for (const issue of issues) report(issue, node);
  return issues.every(isUnknownKey);
}

function isUnknownKey({ keyword, message }: Issue): boolean {
  return keyword === 'additionalProperties' && !message.includes(': did you mean ');
}

function report({ path, message, keyword }: Issue, node: SourceNode): void {
  const code = codes[keyword] ?? 'M104';
  const tokens = parseJsonPointer(path);
  const [summary = '', nearest] = message.split(': did you mean ');
  const text = code === 'M104' ? `${quoteKey(tokens)} ${summary}` : summary;
  const fix = nearest === undefined ? impliedKeyFix(tokens) : `did you mean ${nearest}`;
  node.at(...tokens).error(code, text, { key: code === 'M102', fix });
}

/** Every other JSON Schema of an object says these two; an input says neither. */
function impliedKeyFix(words: readonly string[]): string | undefined {
  const said =
    words.length === 2 && words[0] === 'input' && ['type', 'additionalProperties'].includes(words[1]!);
  return said ? 'leave it out: an input is always an object of its properties and no others' : undefined;
}

/** `"for"` for /for/0, `"method"` for /request/method. */
function quoteKey(words: readonly string[]): string {
  const name = words.findLast((word) => !/^\d+$/.test(word));
  return name === undefined ? 'the file' : `"${name}"`;
}
