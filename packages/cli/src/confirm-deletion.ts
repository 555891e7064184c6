import { createInterface } from 'node:readline/promises';
import type { ActionDefinition, JsonObject } from 'dynamics365-connector';
import {
  type AnyConnector,
  effectsOfCall,
  runtimeOf,
  summarizeCall,
  toPrintableJson,
} from 'dynamics365-connector/host';
import { truncateText } from './cell-text.ts';
import type { Terminal } from './terminal.ts';

/** A call that may delete rows, and where. */
export interface DeletionRequest {
  readonly connector: AnyConnector;
  readonly action: ActionDefinition;
  readonly input: JsonObject;
  readonly origin: string;
}

const maxShownInputs = 5;
const maxInputWidth = 200;

/**
 * Asks the person at the terminal before a call that deletes or overwrites data. Scripts are not asked, because nobody
 * would answer.
 *
 * @returns whether to run the call
 */
export async function confirmDeletion(
  terminal: Terminal,
  { connector, action, input, origin }: DeletionRequest,
): Promise<boolean> {
  if (!effectsOfCall(action, input).destructive) return true;
  if (process.stdin.isTTY !== true || process.stderr.isTTY !== true) return true;
  const parts = summarizeCall(runtimeOf(connector).definition, action, input);
  for (const { count, title, inputs, action: id } of parts) {
    terminal.printNote(`${count} × ${title} (${id})`);
    for (const one of inputs.slice(0, maxShownInputs))
      terminal.printNote(`  ${truncateText(toPrintableJson(one), maxInputWidth)}`);
    if (inputs.length > maxShownInputs) terminal.printNote(`  and ${inputs.length - maxShownInputs} more`);
  }
  const reader = createInterface({ input: process.stdin, output: process.stderr });
  try {
    const answer = await reader.question(`Run this on ${origin}? It cannot be undone. [y/N] `);
    return /^y(es)?$/i.test(answer.trim());
  } finally {
    reader.close();
  }
}
