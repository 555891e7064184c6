import { mkdir, readFile, rename, writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { type Checkpoint, ConnectorError, type JsonObject, type PollItem } from 'dynamics365-connector';
import { requireOperation, runtimeOf } from 'dynamics365-connector/host';
import { cellText, truncateText } from '../cell-text.ts';
import { inputSchemaOf } from '../input-schema.ts';
import { openClient } from '../open-client.ts';
import { type InputOptions, readInput } from '../read-input.ts';
import type { Terminal } from '../terminal.ts';
import type { CommandContext } from './command-context.ts';

interface PollCommandOptions extends InputOptions {
  readonly checkpoint?: string;
  readonly watch?: boolean;
  readonly resume?: boolean;
}

/**
 * `d365 poll <trigger>`: prints the items since the last poll, then saves the checkpoint to a file. If the process
 * ends between the two, the next poll prints the items again, with the same ids.
 */
export default async function poll({ terminal, args, options }: CommandContext<PollCommandOptions>) {
  const [trigger = ''] = args;
  const { client, connector } = await openClient(options);
  const params = await readInput(options, inputSchemaOf(connector, trigger, client));
  const { actions, triggers } = runtimeOf(connector).definition;
  const { watch } = requireOperation('trigger', triggers, trigger, actions);
  const table = watch.inputs && params[watch.inputs.table];
  const name = table === undefined ? trigger : `${trigger} ${table}`;
  const file = options.checkpoint ?? defaultCheckpointFile(name, client.metadata.origin);
  for (let { resume } = options; ; resume = false) {
    const checkpoint = await readCheckpoint(file);
    const result = await terminal.withSpinner(trigger, () =>
      client.poll(trigger, params, checkpoint, { resume }),
    );
    for (const item of result.items) {
      if (terminal.json) terminal.printJson(item);
      else terminal.print(formatItem(terminal, item));
    }
    await saveCheckpoint(file, result.checkpoint);
    if (result.hasMore) continue;
    if (checkpoint === undefined)
      terminal.printNote('The checkpoint is saved. The next poll reports what changes from now on.');
    else if (result.items.length === 0 && options.watch !== true) terminal.printNote('no new items');
    if (options.watch !== true) return 0;
    await sleep(watch.intervalMs);
  }
}

/** Each organization and table has its own file, because a checkpoint is valid for one only. */
function defaultCheckpointFile(name: string, origin: string): string {
  const toFileName = (text: string) => text.replaceAll(/[^\w.-]/g, '_');
  return `.d365/${toFileName(new URL(origin).host)}/${toFileName(name)}.checkpoint.json`;
}

const maxNameWidth = 60;

function formatItem(terminal: Terminal, { at, change, row }: PollItem): string {
  const name = row.title ?? row.name ?? row.subject ?? row.id;
  return `${at}  ${terminal.style('cyan', change.padEnd(7))}  ${cellText(row.number)}  ${truncateText(cellText(name), maxNameWidth)}`;
}

async function readCheckpoint(file: string): Promise<Checkpoint | undefined> {
  const text = await readFile(file, 'utf8').catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return undefined;
    throw new ConnectorError('CHECKPOINT_INVALID', `${file} cannot be read (${error.code}).`);
  });
  if (text === undefined) return undefined;
  try {
    return JSON.parse(text) as JsonObject;
  } catch {
    throw new ConnectorError('CHECKPOINT_INVALID', `${file} is not a checkpoint file.`);
  }
}

async function saveCheckpoint(file: string, checkpoint: Checkpoint): Promise<void> {
  await mkdir(dirname(file), { recursive: true });
  await writeFile(`${file}.new`, JSON.stringify(checkpoint), { mode: 0o600 });
  await rename(`${file}.new`, file);
}
