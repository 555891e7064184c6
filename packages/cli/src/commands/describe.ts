import {
  ConnectorError,
  expandOperation,
  type Json,
  type JsonObject,
  loadConnector,
} from 'dynamics365-connector';
import { suggest } from 'dynamics365-connector/host';
import { describeOrigin } from '../describe-origin.ts';
import { printTable } from '../print-table.ts';
import type { Terminal } from '../terminal.ts';
import type { CommandContext } from './command-context.ts';

/** `d365 describe [operation]`: lists all operations, or prints the input of one. */
export default async function describe({ terminal, args, options }: CommandContext<{ expanded?: boolean }>) {
  const [id] = args;
  if (id !== undefined && options.expanded) {
    terminal.print(await expandOperation(id, { manifest: options.manifest }));
    return 0;
  }
  const description = (await loadConnector({ manifest: options.manifest })).describe();
  const operations = [
    ...(description.actions as readonly JsonObject[]),
    ...(description.triggers as readonly JsonObject[]),
  ];
  if (id === undefined) {
    if (terminal.json) terminal.printJson(description);
    else printCatalog(terminal, operations, description.bases !== undefined);
    return 0;
  }
  const operation = operations.find((candidate) => candidate.id === id) ?? rejectUnknown(id, operations);
  if (terminal.json) terminal.printJson(operation);
  else printOperation(terminal, operation);
  return 0;
}

function rejectUnknown(id: string, operations: readonly JsonObject[]): never {
  const ids = operations.map((operation) => String(operation.id));
  const suggestions = suggest(id, ids);
  const didYouMean = suggestions.length > 0 ? ` Did you mean ${suggestions.join(' or ')}?` : '';
  throw new ConnectorError('OPERATION_UNKNOWN', `There is no action or trigger "${id}".${didYouMean}`, {
    suggestions,
  });
}

/** In a connector that extends another, a column says which one has the operation. */
function printCatalog(terminal: Terminal, operations: readonly JsonObject[], isExtension: boolean): void {
  const rows = operations.map((operation) => [
    String(operation.id),
    operation.everyMs === undefined ? 'action' : 'trigger',
    String(operation.title),
    ...(isExtension ? [String(operation.from ?? '')] : []),
  ]);
  printTable(terminal, ['id', 'kind', 'title', ...(isExtension ? ['from'] : [])], rows);
}

function printOperation(terminal: Terminal, operation: JsonObject): void {
  terminal.print(`${terminal.style('bold', String(operation.id))}  ${String(operation.title)}`);
  if (operation.description) terminal.print(String(operation.description));
  terminal.print(terminal.style('dim', describeOrigin(operation)));
  const input = operation.input as JsonObject;
  const required = (input.required ?? []) as readonly Json[];
  const rows = Object.entries((input.properties ?? {}) as JsonObject).map(([name, schema]) => [
    `${name}${required.includes(name) ? ' *' : ''}`,
    formatType(schema as JsonObject),
    String((schema as JsonObject).title ?? ''),
  ]);
  terminal.print('');
  printTable(terminal, ['input', 'type', 'title'], rows);
}

function formatType(schema: JsonObject): string {
  if (schema.enum !== undefined) return (schema.enum as readonly Json[]).join(' | ');
  if (schema.anyOf !== undefined) return (schema.anyOf as readonly JsonObject[]).map(formatType).join(' | ');
  const type = [schema.type ?? 'any'].flat().join(' | ');
  return schema.format === undefined ? type : `${type} (${String(schema.format)})`;
}
