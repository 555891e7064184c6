import {
  ConnectorError,
  expandOperation,
  type Json,
  type JsonObject,
  loadConnector,
} from 'dynamics365-connector';
import { suggest } from 'dynamics365-connector/host';
import { printTable } from '../print-table.ts';
import type { Terminal } from '../terminal.ts';
import type { CommandContext } from './command-context.ts';

/** `d365 describe`: the catalog; with a name, that operation's inputs and output. */
export default async function describe({ terminal, args, options }: CommandContext<{ expanded?: boolean }>) {
  const [id] = args;
  if (id !== undefined && options.expanded) {
    terminal.print(await expandOperation(id, { folder: options.manifest }));
    return 0;
  }
  const whole = (await loadConnector({ folder: options.manifest })).describe();
  const operations = [...(whole.actions as JsonObject[]), ...(whole.triggers as JsonObject[])];
  if (id === undefined) {
    if (terminal.json) terminal.print(JSON.stringify(whole));
    else printCatalog(terminal, operations);
    return 0;
  }
  const found = operations.find((operation) => operation.id === id);
  if (found === undefined) {
    const suggestions = suggest(
      id,
      operations.map((operation) => String(operation.id)),
    );
    const nearest = suggestions.length > 0 ? ` Did you mean ${suggestions.join(' or ')}?` : '';
    throw new ConnectorError('OPERATION_UNKNOWN', `There is no action or trigger "${id}".${nearest}`, {
      suggestions,
    });
  }
  if (terminal.json) terminal.print(JSON.stringify(found));
  else printOperation(terminal, found);
  return 0;
}

function printCatalog(terminal: Terminal, operations: readonly JsonObject[]): void {
  const rows = operations.map((operation) => [
    String(operation.id),
    operation.everyMs === undefined ? 'action' : 'trigger',
    String(operation.title),
  ]);
  const head = ['id', 'kind', 'title'];
  printTable(terminal, head, rows);
}

function printOperation(terminal: Terminal, operation: JsonObject): void {
  terminal.print(`${terminal.style('bold', String(operation.id))}  ${String(operation.title)}`);
  if (operation.description) terminal.print(String(operation.description));
  const input = operation.input as JsonObject;
  const required = (input.required ?? []) as readonly Json[];
  const rows = Object.entries((input.properties ?? {}) as JsonObject).map(([name, schema]) => [
    `${name}${required.includes(name) ? ' *' : ''}`,
    formatType(schema as JsonObject),
    String((schema as JsonObject).title ?? ''),
  ]);
  terminal.print('');
  const head = ['input', 'type', 'title'];
  printTable(terminal, head, rows);
}

function formatType(schema: JsonObject): string {
  if (schema.enum !== undefined) return (schema.enum as readonly Json[]).join(' | ');
  if (schema.anyOf !== undefined) return (schema.anyOf as readonly JsonObject[]).map(formatType).join(' | ');
  const type = [schema.type ?? 'any'].flat().join(' | ');
  return schema.format === undefined ? type : `${type} (${String(schema.format)})`;
}
