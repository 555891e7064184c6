import type { Json, JsonObject } from '../model/json.ts';
import type { Checkpoint, PollItem, PollResult, RunMeta } from '../model/plan.ts';
import type { PollOptions } from '../poll/run-poll.ts';
import type { RowList } from '../run/list-rows.ts';
import type { RunOptions } from '../run/send-plan.ts';
import type { Client } from './client.ts';

/**
 * Inputs and outputs of a connector's operations by their id, as `d365 types` writes them. Our own are
 * `import type { Operations } from 'dynamics365-connector/operations'`.
 */
export interface OperationTypes {
  /** `'case.create': { input: …, output: … }` */
  readonly actions: object;
  /** `'case.created': { params: …, row: … }` */
  readonly triggers: object;
}

/** A client whose `run`, `list` and `poll` know the inputs and outputs of every operation by its name. */
export type TypedClient<Types extends OperationTypes> = Omit<Client, 'run' | 'list' | 'poll'> & {
  readonly run: TypedRun<Types['actions']>;
  readonly list: TypedList<Types['actions']>;
  readonly poll: TypedPoll<Types['triggers']>;
};

type OperationId<Known> = keyof Known & string;
type MemberOr<Known, Id, Name extends string, Else> = Id extends keyof Known
  ? Known[Id] extends { readonly [name in Name]: infer Found }
    ? Found
    : Else
  : Else;

/** Arguments after the id: the input may be left out when nothing in it is needed. */
type RunArguments<Input, Options> =
  Readonly<Record<never, never>> extends Input
    ? [input?: Input, options?: Options]
    : [input: Input, options?: Options];
type RowOfOutput<Output> = Output extends readonly (infer Row)[] ? Row : JsonObject;

/** `client.run`, typed by the name of the action. */
type TypedRun<Actions> = <Id extends OperationId<Actions>>(
  action: Id,
  ...rest: RunArguments<MemberOr<Actions, Id, 'input', JsonObject>, RunOptions>
) => Promise<{ readonly output: MemberOr<Actions, Id, 'output', Json>; readonly meta: RunMeta }>;

/** `client.list`, typed by the name of the action. */
type TypedList<Actions> = <Id extends OperationId<Actions>>(
  action: Id,
  ...rest: RunArguments<MemberOr<Actions, Id, 'input', JsonObject>, RunOptions>
) => RowList<RowOfOutput<MemberOr<Actions, Id, 'output', Json>>>;

/** `client.poll`, typed by the name of the trigger. */
type TypedPoll<Triggers> = <Id extends OperationId<Triggers>>(
  trigger: Id,
  params?: MemberOr<Triggers, Id, 'params', JsonObject>,
  checkpoint?: Checkpoint,
  options?: PollOptions,
) => Promise<TypedPollResult<MemberOr<Triggers, Id, 'row', JsonObject>>>;

/** What a poll answers, with the rows of its trigger. */
type TypedPollResult<Row> = Omit<PollResult, 'items'> & {
  readonly items: readonly (Omit<PollItem, 'row'> & { readonly row: Row })[];
};
