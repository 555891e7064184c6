import { ConnectorError, loadConnector } from 'dynamics365-connector';
import {
  type ComputedRole,
  compareRole,
  computeRole,
  createRole,
  type PrivilegeDepth,
  type RoleLine,
} from 'dynamics365-connector/authoring';
import { createIdMatcher, openConnection, runtimeOf } from 'dynamics365-connector/host';
import { openConnectionStore } from 'dynamics365-connector/node';
import { loadSendingConnector } from '../load-sending-connector.ts';
import { printTable } from '../print-table.ts';
import type { Terminal } from '../terminal.ts';
import type { CommandContext } from './command-context.ts';

interface RoleOptions {
  readonly table?: string;
  readonly inputs?: string;
  readonly depth?: PrivilegeDepth;
  readonly compare?: boolean;
  readonly create?: string;
  readonly replace?: boolean;
}

type Definition = ReturnType<typeof runtimeOf>['definition'];
type OpenConnection = ReturnType<typeof openConnection>;

/**
 * `d365 role [operations...]`: computes the security role that operations need and prints it. `--compare` says what the
 * user of a connection lacks, `--create` writes the role to the organization.
 */
export default async function role({
  terminal,
  args,
  options,
}: CommandContext<RoleOptions>): Promise<number> {
  if (options.replace && options.create === undefined) {
    throw new ConnectorError('SETTING_INVALID', '--replace needs --create with the name of the role.');
  }
  if (!options.compare && options.create === undefined) {
    const { definition } = runtimeOf(await loadConnector({ manifest: options.manifest }));
    printRole(terminal, computeFor(definition, args, options));
    return 0;
  }
  const connections = await openConnectionStore();
  try {
    const { saved, credential, options: connect } = await connections.open(options.connection);
    const runtime = runtimeOf(
      await loadSendingConnector({ manifest: options.manifest, store: connections.store }),
    );
    const computed = computeFor(runtime.definition, args, options);
    const connection = openConnection(runtime, saved.settings, credential, connect);
    const { create: name } = options;
    if (name !== undefined)
      await writeRole(terminal, connection, computed, { name, replace: options.replace === true });
    return options.compare ? await printComparison(terminal, connection, computed) : 0;
  } finally {
    connections.close();
  }
}

function computeFor(definition: Definition, patterns: readonly string[], options: RoleOptions): ComputedRole {
  return computeRole(definition, {
    operations:
      patterns.length === 0 ? undefined : patterns.flatMap((each) => findOperations(definition, each)),
    tables: splitNames(options.table),
    inputs: splitNames(options.inputs),
    depth: options.depth,
  });
}

/** The ids that a pattern (`case.*`) matches; a pattern that matches none is left to the engine, which suggests others. */
function findOperations({ actions, triggers }: Definition, pattern: string): readonly string[] {
  if (!pattern.includes('*')) return [pattern];
  const matches = createIdMatcher(pattern);
  const found = [...Object.keys(actions), ...Object.keys(triggers)].filter(matches);
  return found.length === 0 ? [pattern] : found;
}

function splitNames(text: string | undefined): readonly string[] | undefined {
  return text
    ?.split(',')
    .map((name) => name.trim())
    .filter((name) => name !== '');
}

function printRole(terminal: Terminal, { lines, unknown }: ComputedRole): void {
  if (terminal.json) {
    terminal.printJson({ lines, unknown });
    return;
  }
  printTable(terminal, ['table', 'right', 'level', 'privilege', 'needed by'], lines.map(toRow));
  printUnknown(terminal, unknown);
}

const toRow = ({ tables, right, depth, privilege, neededBy }: RoleLine): readonly string[] => [
  tables.join(', '),
  right ?? '',
  depth,
  privilege,
  neededBy
    .map(({ operation, inputs }) => (inputs ? `${operation} (${inputs.join(', ')})` : operation))
    .join('; '),
];

function printUnknown(terminal: Terminal, unknown: readonly string[]): void {
  for (const sentence of unknown) terminal.printNote(`Not known: ${sentence}`);
}

async function writeRole(
  terminal: Terminal,
  connection: OpenConnection,
  computed: ComputedRole,
  role: { readonly name: string; readonly replace: boolean },
): Promise<void> {
  const created = await terminal.withSpinner(role.name, () => createRole(connection, computed, role));
  if (terminal.json) {
    terminal.printJson({ created });
    return;
  }
  const { id, name, lines, unavailable, replaced } = created;
  const verb = replaced ? 'replaced' : 'created';
  terminal.print(
    `${terminal.style('green', '✔')} ${verb} the security role "${name}" (${id}): ${lines.length} privileges`,
  );
  printUnavailable(terminal, unavailable);
  printUnknown(terminal, computed.unknown);
}

async function printComparison(
  terminal: Terminal,
  connection: OpenConnection,
  computed: ComputedRole,
): Promise<number> {
  const compared = await terminal.withSpinner('privileges', () => compareRole(connection, computed));
  const { userId, missing, held, surplus, unavailable } = compared;
  const exitCode = missing.length === 0 ? 0 : 1;
  if (terminal.json) {
    terminal.printJson({ ...compared, unknown: computed.unknown });
    return exitCode;
  }
  if (missing.length > 0) {
    const rows = missing.map((line) => [
      ...toRow(line).slice(0, 4),
      line.held ?? 'none',
      toRow(line)[4] ?? '',
    ]);
    printTable(terminal, ['table', 'right', 'level', 'privilege', 'held', 'needed by'], rows);
  }
  const mark = exitCode === 0 ? terminal.style('green', '✔') : terminal.style('red', '✘');
  terminal.print(
    `${mark} user ${userId}: ${held.length} of ${held.length + missing.length} lines held, ${missing.length} missing, ${surplus.length} privileges beyond the role`,
  );
  printUnavailable(terminal, unavailable);
  printUnknown(terminal, computed.unknown);
  return exitCode;
}

function printUnavailable(terminal: Terminal, unavailable: readonly RoleLine[]): void {
  if (unavailable.length === 0) return;
  const names = unavailable.map(({ privilege }) => privilege).join(', ');
  terminal.printNote(`The organization does not have: ${names}. A table or a solution is not installed.`);
}
