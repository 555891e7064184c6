import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { ConnectorError, type JsonObject } from 'dynamics365-connector';
import { appendTest, createRecordingSender, recordTest } from 'dynamics365-connector/authoring';
import { requireOperation, runtimeOf } from 'dynamics365-connector/host';
import { createSender, replaceFileText } from 'dynamics365-connector/node';
import { inputSchemaOf } from '../input-schema.ts';
import { openClient } from '../open-client.ts';
import { type InputOptions, readInput } from '../read-input.ts';
import { requireManifest } from '../require-manifest.ts';
import type { CommandContext } from './command-context.ts';

type RecordOptions = InputOptions & { readonly name?: string };

/**
 * `d365 record <action>`: runs an action of the own manifest against the connection, and adds the call to its file as a
 * contract test, without personal data and secrets. An error of the organization becomes a test that expects it.
 */
export default async function record({
  terminal,
  args,
  options,
}: CommandContext<RecordOptions>): Promise<number> {
  const [id = ''] = args;
  const folder = requireManifest(options, '`d365 record`');
  const { send, exchanges } = createRecordingSender(createSender());
  const { client, connector } = await openClient(options, send);
  const runtime = runtimeOf(connector);
  const { actions, triggers } = runtime.definition;
  const action = requireOperation('action', actions, id, triggers);
  if (action.from !== undefined) throw notOwn(id, action.from);
  const input = await readInput(options, inputSchemaOf(connector, id, client));
  const before = exchanges.length;
  const outcome = await terminal.withSpinner(id, () =>
    client.run(id, input).then(() => 'succeeds', nameFailure),
  );
  const name = options.name ?? `${id} ${outcome}`;
  const { test, replaced } = await recordTest(runtime, action, {
    name,
    input,
    exchanges: exchanges.slice(before),
  });
  const isTemplate = action.file.startsWith('actions/_.');
  await addToFile(join(folder, action.file), action.file, isTemplate ? withTable(test, id) : test);
  terminal.print(`${action.file}: ${JSON.stringify(name)} added`);
  terminal.printNote(`${replaced} values replaced. Read the test before you commit it.`);
  return 0;
}

/** The name of a test for a call that the organization refuses. A call that sends nothing is no exchange. */
function nameFailure(error: unknown): string {
  if (!(error instanceof ConnectorError) || error.details.status === undefined) throw error;
  return `fails with ${error.code}`;
}

/** A test in a template file names its table. */
function withTable({ name = '', ...test }: JsonObject, id: string): JsonObject {
  return { name, table: id.slice(0, id.indexOf('.')), ...test };
}

async function addToFile(path: string, file: string, test: JsonObject): Promise<void> {
  const added = appendTest(file, await readFile(path, 'utf8'), test);
  if (added === undefined) {
    const advice = 'Write "tests:" as a list in lines of its own.';
    throw new ConnectorError('MANIFEST_INVALID', `The test cannot be added to ${file}.`, { advice });
  }
  await replaceFileText(path, added);
}

function notOwn(id: string, from: string): ConnectorError {
  const advice =
    'Record an action of your own; the tests of a connector that is extended are in its package.';
  return new ConnectorError('INPUT_INVALID', `${id} is an action of ${from}.`, { operation: id, advice });
}
