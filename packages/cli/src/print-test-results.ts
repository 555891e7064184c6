import { type ContractCaseResult, escapeXml, type TestFailure } from 'dynamics365-connector/authoring';
import type { Terminal } from './terminal.ts';

export type TestFormat = 'text' | 'junit' | 'github';

/** A failed or passed test, with the line of what failed. */
export interface LocatedResult extends ContractCaseResult {
  /** The line of each failure in the file of the test; undefined for a built-in test. */
  readonly lines: readonly (number | undefined)[];
}

/** Prints the results of contract tests: failed tests for people, all tests as JUnit XML, or annotations for GitHub. */
export function printTestResults(
  terminal: Terminal,
  results: readonly LocatedResult[],
  format: TestFormat,
): void {
  const failed = results.filter(({ failures }) => failures.length > 0);
  if (format === 'junit') terminal.print(printJunit(results));
  else if (format === 'github') for (const result of failed) printGithub(terminal, result);
  else for (const result of failed) printFailed(terminal, result);
}

function printFailed(terminal: Terminal, { file, operation, name, failures, lines }: LocatedResult): void {
  const where = lines[0] === undefined ? file : `${file}:${lines[0]}`;
  terminal.print(`${terminal.style('red', 'failed')}  ${operation}: ${name}  (${where})`);
  for (const failure of failures)
    for (const line of describeFailure(failure)) terminal.print(`        ${colorLine(terminal, line)}`);
}

function colorLine(terminal: Terminal, line: string): string {
  if (line.startsWith('  - ')) return terminal.style('red', line);
  return line.startsWith('  + ') ? terminal.style('green', line) : line;
}

/** The message, and below it each place that differs: `-` is what the test expects, `+` is what happened. */
function describeFailure({ message, differences = [] }: TestFailure): readonly string[] {
  return [
    message,
    ...differences.flatMap(({ path, expected, actual }) => [
      `  - ${describe(path, expected)}`,
      `  + ${describe(path, actual)}`,
    ]),
  ];
}

function describe(path: string, value: unknown): string {
  const text = value === undefined ? '(absent)' : JSON.stringify(value);
  return path === '' ? text : `${path}: ${text}`;
}

/** https://docs.github.com/actions/reference/workflow-commands-for-github-actions */
function printGithub(terminal: Terminal, { file, operation, name, failures, lines }: LocatedResult): void {
  for (const [index, failure] of failures.entries()) {
    const line = lines[index] === undefined ? '' : `,line=${lines[index]}`;
    const text = `${operation}: ${name}\n${describeFailure(failure).join('\n')}`;
    terminal.print(`::error file=${file}${line},title=contract test::${escapeGithub(text)}`);
  }
}

function escapeGithub(text: string): string {
  return text.replaceAll('%', '%25').replaceAll('\r', '%0D').replaceAll('\n', '%0A');
}

/** One suite for each operation, in the form that CI servers read. */
function printJunit(results: readonly LocatedResult[]): string {
  const suites = [...Map.groupBy(results, ({ operation }) => operation)].map(([operation, tests]) => {
    const failed = tests.filter(({ failures }) => failures.length > 0).length;
    const attributes = `name="${toXmlText(operation)}" tests="${tests.length}" failures="${failed}"`;
    return [`  <testsuite ${attributes}>`, ...tests.map(printCase), '  </testsuite>'].join('\n');
  });
  return ['<?xml version="1.0" encoding="UTF-8"?>', '<testsuites>', ...suites, '</testsuites>'].join('\n');
}

function printCase({ operation, name, file, failures, lines }: LocatedResult): string {
  const line = lines[0] === undefined ? '' : ` line="${lines[0]}"`;
  const head = `    <testcase classname="${toXmlText(operation)}" name="${toXmlText(name)}" file="${toXmlText(file)}"${line}`;
  const [first] = failures;
  if (first === undefined) return `${head}/>`;
  const text = failures.flatMap(describeFailure).join('\n');
  return `${head}><failure message="${toXmlText(first.message)}">${toXmlText(text)}</failure></testcase>`;
}

/** XML has no form for most control characters. */
function toXmlText(text: string): string {
  return escapeXml(text.replace(/[^\P{Cc}\t\n\r]/gu, '\ufffd'));
}
