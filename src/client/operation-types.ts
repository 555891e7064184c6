import type { Json, JsonObject } from '../model/json.ts';

/**
 * Settings, inputs and outputs of a connector by the ids of its actions and triggers. `d365 types` writes them for a
 * manifest; those of our own manifest are `Operations`.
 */
export interface OperationTypes {
  /** Settings of a connection: `{ orgUrl: string; tenant?: string }`. */
  readonly connection: object;
  /** `'case.create': { input: ...; output: ... }` */
  readonly actions: object;
  /** `'case.created': { params: ...; row: ... }` */
  readonly triggers: object;
}

/** A connector whose operations are known at run time only: ids are text, inputs and outputs are JSON. */
export interface UntypedOperations {
  readonly connection: JsonObject;
  readonly actions: Readonly<Record<string, { readonly input: JsonObject; readonly output: Json }>>;
  readonly triggers: Readonly<Record<string, { readonly params: JsonObject; readonly row: JsonObject }>>;
}

type Member<Known, Id, Name extends string, Else> = Id extends keyof Known
  ? Known[Id] extends { readonly [name in Name]: infer Found }
    ? Found
    : Else
  : Else;

export type ActionId<Types extends OperationTypes> = keyof Types['actions'] & string;
export type TriggerId<Types extends OperationTypes> = keyof Types['triggers'] & string;
export type ActionInput<Types extends OperationTypes, Id> = Member<Types['actions'], Id, 'input', JsonObject>;
export type ActionOutput<Types extends OperationTypes, Id> = Member<Types['actions'], Id, 'output', Json>;
export type TriggerParams<Types extends OperationTypes, Id> = Member<
  Types['triggers'],
  Id,
  'params',
  JsonObject
>;
export type TriggerRow<Types extends OperationTypes, Id> = Member<Types['triggers'], Id, 'row', JsonObject>;

/** The row of a list action. */
export type ListedRow<Types extends OperationTypes, Id> =
  ActionOutput<Types, Id> extends readonly (infer Row)[] ? Row : JsonObject;

/** Arguments after the id; the input may be omitted when none of its properties is required. */
export type InputArguments<Input, Options> =
  Readonly<Record<never, never>> extends Input
    ? [input?: Input, options?: Options]
    : [input: Input, options?: Options];
