import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { ConnectorError } from 'dynamics365-connector';
import { type ContractCaseResult, locateFailure, updateTest } from 'dynamics365-connector/authoring';
import { readManifest, replaceFileText } from 'dynamics365-connector/node';
import { annotationPath } from '../annotation-path.ts';
import { type LocatedResult, printTestResults, type TestFormat } from '../print-test-results.ts';
import { repeatOnChange } from '../repeat-on-change.ts';
import { requireManifest } from '../require-manifest.ts';
import { runManifestTests } from '../run-manifest-tests.ts';
import type { CommandContext } from './command-context.ts';

interface TestOptions {
  readonly format: TestFormat;
  readonly update?: boolean;
  readonly watch?: boolean;
}

type Context = CommandContext<TestOptions>;

/** `d365 test [pattern]`: runs the contract tests of a manifest, without network. Exit code 1 if one fails. */
export default async function test(context: Context): Promise<number> {
  const { options, terminal } = context;
  if (options.watch !== true) return await runOnce(context);
  const folder = requireManifest(options, '--watch');
  return await repeatOnChange(folder, terminal, async () => {
    await runOnce(context);
  });
}

async function runOnce({ terminal, args, options }: Context): Promise<number> {
  const [pattern = '*'] = args;
  const results = await collectResults(pattern, { terminal, options });
  const files = await readOwnFiles(options);
  const failed = results.filter(({ failures }) => failures.length > 0);
  if (options.update === true && failed.length > 0) {
    const updated = await updateFiles(failed, files, requireManifest(options, '--update'));
    terminal.printNote(`${updated} ${updated === 1 ? 'expectation' : 'expectations'} updated`);
    return await runOnce({ terminal, args, options: { ...options, update: false } } as Context);
  }
  if (!terminal.json) {
    const located = results.map((result) => locate(result, files));
    const isAnnotation = options.format === 'github';
    const shown = isAnnotation ? located.map((result) => annotate(result, options)) : located;
    printTestResults(terminal, shown, options.format);
  }
  terminal.printNote(`${results.length - failed.length} passed, ${failed.length} failed`);
  return failed.length === 0 ? 0 : 1;
}

async function collectResults(
  pattern: string,
  { terminal, options }: Pick<Context, 'terminal' | 'options'>,
): Promise<readonly ContractCaseResult[]> {
  const results: ContractCaseResult[] = [];
  await terminal.withSpinner('testing', async (update) => {
    for await (const result of runManifestTests(options.manifest, pattern)) {
      results.push(result);
      update(`${results.length} tests, ${result.operation}`);
      if (terminal.json) terminal.printJson(result);
    }
  });
  // Without this error, a mistyped pattern would look like success.
  if (results.length === 0)
    throw new ConnectorError('OPERATION_UNKNOWN', `No action or trigger with tests matches "${pattern}".`);
  return results;
}

/** The texts of the manifest's own files: only their tests run. */
async function readOwnFiles({ manifest }: Context['options']): Promise<ReadonlyMap<string, string>> {
  const { packages } = await readManifest(manifest);
  return packages.at(-1)?.files ?? new Map();
}

function locate(result: ContractCaseResult, files: ReadonlyMap<string, string>): LocatedResult {
  const text = files.get(result.file) ?? '';
  return { ...result, lines: result.failures.map((failure) => locateFailure(result, failure, text)?.line) };
}

/** GitHub finds a file by its path in the repository, not in the folder of the manifest. */
function annotate(result: LocatedResult, { manifest }: Context['options']): LocatedResult {
  return { ...result, file: annotationPath(manifest, result.file) };
}

/** Writes what happened into the tests that failed. A file is read again after each change. */
async function updateFiles(
  failed: readonly ContractCaseResult[],
  files: ReadonlyMap<string, string>,
  folder: string,
): Promise<number> {
  let updated = 0;
  for (const result of failed.filter(({ file }) => files.has(file))) {
    for (const failure of result.failures) {
      const path = join(folder, result.file);
      const text = await readFile(path, 'utf8');
      const edit = updateTest(result, failure, text);
      if (edit === undefined) continue;
      await replaceFileText(path, text.slice(0, edit.start) + edit.text + text.slice(edit.end));
      updated++;
    }
  }
  return updated;
}
