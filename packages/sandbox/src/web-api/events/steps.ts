import { readReferenced } from '../../logic/find-rows.ts';
import { referenceId, toReference } from '../../store/entity-reference.ts';
import { columnEquals, numberLiteral } from '../../store/query/filter-nodes.ts';
import type { ColumnValue, OrganizationStore, StoredRow } from '../../store/types.ts';
import type { MessageEvent } from './message-event.ts';

/** Where a step runs: 10 before validation, 20 before the operation, 40 after it. */
export type Stage = 10 | 20 | 40;

/** A registered step that calls a service endpoint. */
export interface RegisteredStep {
  readonly id: string;
  readonly name: string;
  readonly mode: 'sync' | 'async';
  readonly stage: Stage;
  readonly rank: number;
  readonly message: string;
  /** Logical name of its table; undefined: every table. */
  readonly table: string | undefined;
  /** An update calls the step only if it contains one of these columns; undefined: every update does. */
  readonly filteringAttributes: readonly string[] | undefined;
  readonly endpointId: string;
  /** The user on whose behalf the step runs; undefined: the caller. */
  readonly userId: string | undefined;
  readonly images: readonly StepImage[];
}

/** A copy of columns before or after the operation that a step receives. */
export interface StepImage {
  readonly alias: string;
  readonly isPre: boolean;
  readonly isPost: boolean;
  /** Undefined: all columns. */
  readonly attributes: readonly string[] | undefined;
}

const reader = { actor: { userId: '' } };

/** Reads the enabled steps whose handler is a service endpoint, in the order of their execution. */
export function readEnabledSteps(store: OrganizationStore): readonly RegisteredStep[] {
  if (store.count('sdkmessageprocessingstep') === 0) return [];
  const isEnabled = columnEquals('statecode', numberLiteral(0));
  const { rows } = store.query('sdkmessageprocessingstep', { filter: isEnabled, ...reader });
  return rows
    .flatMap((row) => toStep(store, row) ?? [])
    .sort((a, b) => a.rank - b.rank || a.name.localeCompare(b.name, 'en'));
}

/** Whether a synchronous step is enabled. */
export function hasSynchronousSteps(store: OrganizationStore): boolean {
  const filter = columnEquals('mode', numberLiteral(0));
  if (store.count('sdkmessageprocessingstep', { filter, ...reader }) === 0) return false;
  return readEnabledSteps(store).some(({ mode }) => mode === 'sync');
}

function toStep(store: OrganizationStore, row: StoredRow): RegisteredStep | undefined {
  const { values } = row;
  const endpoint = toReference(values.eventhandler);
  const message = readReferenced(store, values.sdkmessageid)?.values.name;
  if (endpoint?.table !== 'serviceendpoint' || typeof message !== 'string') return undefined;
  const table = readReferenced(store, values.sdkmessagefilterid)?.values.primaryobjecttypecode;
  return {
    id: row.id,
    name: String(values.name ?? ''),
    mode: values.mode === 0 ? 'sync' : 'async',
    stage: Number(values.stage) as Stage,
    rank: Number(values.rank ?? 1),
    message,
    table: typeof table === 'string' && table !== 'none' ? table : undefined,
    filteringAttributes: parseList(values.filteringattributes),
    endpointId: endpoint.id,
    userId: referenceId(values.impersonatinguserid),
    images: readImages(store, row.id),
  };
}

function readImages(store: OrganizationStore, stepId: string): readonly StepImage[] {
  const relatedTo = {
    table: 'sdkmessageprocessingstep',
    id: stepId,
    navigation: 'sdkmessageprocessingstepid_sdkmessageprocessingstepimage',
  };
  const { rows } = store.query('sdkmessageprocessingstepimage', { relatedTo, ...reader });
  return rows.map(({ values }) => ({
    alias: String(values.entityalias ?? ''),
    isPre: values.imagetype !== 1,
    isPost: values.imagetype !== 0,
    attributes: parseList(values.attributes),
  }));
}

/** `title, statuscode` as a list; undefined for an empty text. */
export function parseList(text: ColumnValue | undefined): readonly string[] | undefined {
  const items = typeof text === 'string' ? text.split(',').map((item) => item.trim().toLowerCase()) : [];
  const names = items.filter((item) => item !== '');
  return names.length === 0 ? undefined : names;
}

/** The steps that an event calls. */
export function stepsFor(
  steps: readonly RegisteredStep[],
  { message, table, values }: MessageEvent,
  stage: Stage,
): readonly RegisteredStep[] {
  return steps.filter(
    (step) =>
      step.stage === stage &&
      step.message === message &&
      (step.table === undefined || step.table === table.logicalName) &&
      (message !== 'Update' ||
        !step.filteringAttributes ||
        step.filteringAttributes.some((column) => column in values)),
  );
}
