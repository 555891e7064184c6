import type { ActionDefinition, StepTemplate } from '../../model/definition.ts';
import type { BodyTemplate } from '../../model/template.ts';
import type { SourceNode } from '../read/source-node.ts';
import type { CompileContext, CompiledTable } from './compile-context.ts';
import type { CompiledStep } from './known-actions.ts';

const versionColumn = 'versionnumber';

/** A step whose input is compiled. */
interface WritingStep {
  readonly input: BodyTemplate;
  readonly definition: ActionDefinition;
  readonly node: SourceNode;
}

/**
 * If a step writes a row that an earlier step has returned, the version of the row there: the write fails if the row has
 * changed in between. `{}` for any other step; undefined if the version is not read, which is reported.
 */
export function findReadVersion(
  { input, definition, node }: WritingStep,
  earlier: readonly CompiledStep[],
  context: CompileContext,
): Pick<StepTemplate, 'ifVersion'> | undefined {
  const written = findWrittenRow(definition, input, context);
  if (written === undefined) return {};
  const index = earlier.findLastIndex((step) => returnsRow(step, written));
  const read = earlier[index];
  if (read === undefined) return {};
  const column = written.table.table.columns.find(({ logicalName }) => logicalName === versionColumn)?.name;
  const columns = memberOf(read.input, 'columns');
  const isRead =
    columns === undefined ||
    (columns.kind === 'array' && columns.items.some((one) => one.kind === 'literal' && one.value === column));
  if (column !== undefined && isRead) return { ifVersion: { step: index, column } };
  // What the action has written itself a moment ago is compared only if the version is at hand.
  if (!read.definition.effects.readOnly) return {};
  const { name } = written.table.table;
  const message = `the row may change after step ${index + 1} has read it, and the version of "${name}" is not read`;
  const fix =
    column === undefined
      ? `add version: { title: Version, type: string, x-type: bigint, x-column: ${versionColumn}, readOnly: true } to the table`
      : `add ${column} to the columns of step ${index + 1}`;
  node.at('action').error('M126', message, { fix });
  return undefined;
}

interface RowTemplate {
  readonly table: CompiledTable;
  /** The template of its id, as text: the same text is the same row. */
  readonly id: string;
}

/** The existing row that a request changes or deletes: `PATCH /incidents({{input.id}})`. */
function findWrittenRow(
  { request }: ActionDefinition,
  input: BodyTemplate,
  { tables }: CompileContext,
): RowTemplate | undefined {
  const isWrite =
    request?.method === 'DELETE' || (request?.method === 'PATCH' && request.safety !== 'create');
  const [start, id, end, ...rest] = request?.path.parts ?? [];
  if (!isWrite || typeof start !== 'string' || typeof id !== 'object' || end !== ')' || rest.length > 0)
    return undefined;
  const table = [...tables.values()].find((one) => start === `/${one.table.entitySet}(`);
  const [root, name = ''] = id.path;
  const template = root === 'input' && id.path.length === 2 ? memberOf(input, name) : undefined;
  return table && template && { table, id: JSON.stringify(template) };
}

/** Whether a step returns the row: it is read or written by the same id, or the id is that of its output. */
function returnsRow({ name, input, definition }: CompiledStep, { table, id }: RowTemplate): boolean {
  const { output } = definition;
  if (output.kind !== 'row' || output.table !== table.table.name) return false;
  const idOfInput = memberOf(input, 'id');
  const own = {
    kind: 'placeholder',
    placeholder: { path: ['steps', name, 'id'], type: { kind: 'any' }, position: 'json' },
  };
  return id === JSON.stringify(own) || (idOfInput !== undefined && id === JSON.stringify(idOfInput));
}

function memberOf(body: BodyTemplate, name: string): BodyTemplate | undefined {
  return body.kind === 'object' ? body.entries.find(([key]) => key === name)?.[1] : undefined;
}
