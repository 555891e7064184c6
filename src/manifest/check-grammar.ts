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
 * Checks a file against its grammar and reports the issues. Returns whether the compiler can continue with the file:
 * it is valid, or its only issues are unknown keys, so that all other errors are reported in the same run. A key that
 * looks mistyped stops the file, because the key that it stands for is missing.
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

/** JSON Schemas of objects usually have these two keys; an input has neither. */
function impliedKeyFix([root, key, ...rest]: readonly string[]): string | undefined {
  const isImplied =
    root === 'input' && rest.length === 0 && (key === 'type' || key === 'additionalProperties');
  return isImplied ? 'remove it: an input is always an object without additional properties' : undefined;
}

/** `"for"` for /for/0, `"method"` for /request/method. */
function quoteKey(tokens: readonly string[]): string {
  const name = tokens.findLast((token) => !/^\d+$/.test(token));
  return name === undefined ? 'the file' : `"${name}"`;
}
