import { readYaml } from '../../manifest/read/read-yaml.ts';
import { printInline, printYaml } from '../../manifest/read/yaml-text.ts';
import { isJsonArray, isJsonObject, isSameJson, type JsonObject } from '../../model/json.ts';
import { copyObject } from '../../validation/assert-options.ts';

/**
 * Adds a contract test at the end of the tests of a file; everything else stays as it is written. Undefined if it cannot be
 * added to the text.
 */
export function appendTest(file: string, text: string, test: JsonObject): string | undefined {
  copyObject(test, 'The test');
  const before = readYaml(file, text).source;
  if (before === undefined || !isJsonObject(before.data)) return undefined;
  const tests = before.data.tests ?? [];
  if (!isJsonArray(tests)) return undefined;
  const span = before.nodeSpans.get('/tests');
  const added =
    span === undefined
      ? `${text.trimEnd()}\ntests:\n${printItem(test, '  ')}`
      : text.charAt(span.value.start) === '['
        ? appendToFlow(text, span.value.end, test, tests.length > 0)
        : appendToBlock(text, span.value, test);
  const after = readYaml(file, added).source?.data ?? null;
  return isSameJson(after, { ...before.data, tests: [...tests, test] }) ? added : undefined;
}

function appendToFlow(text: string, end: number, test: JsonObject, hasTests: boolean): string {
  const close = text.lastIndexOf(']', end - 1);
  const head = text.slice(0, close).trimEnd();
  return `${head}${hasTests ? ', ' : ''}${printInline(test)}${text.slice(close)}`;
}

function appendToBlock(
  text: string,
  { start, end }: { readonly start: number; readonly end: number },
  test: JsonObject,
): string {
  const indent = ' '.repeat(start - (text.lastIndexOf('\n', start - 1) + 1));
  const head = text.slice(0, end).trimEnd();
  return `${head}\n${printItem(test, indent)}${text.slice(end)}`;
}

/** An item of a list in block style: short parts stand in one line. */
function printItem(test: JsonObject, indent: string): string {
  const lines = Object.entries(test).flatMap(([key, value]) => {
    const inline = `${key}: ${printInline(value)}`;
    if (inline.length <= 120 || !(isJsonObject(value) || isJsonArray(value))) return [inline];
    const block = printYaml(value).trimEnd().split('\n');
    return [`${key}:`, ...block.map((line) => `  ${line}`)];
  });
  return `${lines.map((line, index) => `${indent}${index === 0 ? '- ' : '  '}${line}`).join('\n')}\n`;
}
