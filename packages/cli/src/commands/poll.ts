import { mkdir, readFile, rename, writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { type Checkpoint, ConnectorError, type JsonObject, type PollItem } from 'dynamics365-connector';
import { openClient } from '../open-client.ts';
import { cellText, truncateText } from '../print-table.ts';
import { type InputOptions, readInput } from '../read-input.ts';
import type { Terminal } from '../terminal.ts';
import type { CommandContext } from './command-context.ts';

/** `d365 poll <trigger>`: what is new since the last call; the place is kept in a file after the items are out. */
export default async function poll({
  terminal,
  args,
  options,
}: CommandContext<InputOptions & { checkpoint?: string; watch?: boolean }>) {
  const [trigger = ''] = args;
  const params = await readInput(options);
  const { client, connector } = await openClient(options);
  const file = options.checkpoint ?? defaultCheckpointFile(trigger, client.metadata.origin);
  for (;;) {
    const from = await readCheckpoint(file);
    const result = await terminal.withSpinner(trigger, () => client.poll(trigger, params, from));
    for (const item of result.items)
      terminal.print(terminal.json ? JSON.stringify(item) : formatItem(terminal, item));
    // Delivered first, kept second: a crash in between repeats items (with the same ids) and loses none.
    await saveCheckpoint(file, result.checkpoint);
    if (result.hasMore) continue;
    if (from === undefined)
      terminal.printNote('The place is marked: from the next poll on, what is new is reported.');
    else if (result.items.length === 0 && options.watch !== true) terminal.printNote('nothing new');
    if (options.watch !== true) return 0;
    await sleep(connector.definition.triggers[trigger]!.watch.intervalMs);
  }
}

/** Each organization has its own: the place in one means nothing in another. */
function defaultCheckpointFile(trigger: string, origin: string): string {
  const safe = (text: string) => text.replaceAll(/[^\w.-]/g, '_');
  return `.d365/${safe(new URL(origin).host)}/${safe(trigger)}.checkpoint.json`;
}

function formatItem(terminal: Terminal, { at, change, row }: PollItem): string {
  const name = row.title ?? row.name ?? row.subject ?? row.id;
  return `${at}  ${terminal.style('cyan', change.padEnd(7))}  ${cellText(row.number)}  ${truncateText(cellText(name))}`;
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
    throw new ConnectorError('CHECKPOINT_INVALID', `${file} does not hold a checkpoint.`);
  }
}

async function saveCheckpoint(file: string, checkpoint: Checkpoint): Promise<void> {
  await mkdir(dirname(file), { recursive: true });
  await writeFile(`${file}.new`, JSON.stringify(checkpoint), { mode: 0o600 });
  await rename(`${file}.new`, file);
}
