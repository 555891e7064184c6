import type { ActionDefinition, StepTemplate } from '../../model/definition.ts';

/** The actions that a step can name. */
export interface KnownActions {
  /** The compiled actions that have no steps themselves. */
  readonly compiled: Readonly<Record<string, ActionDefinition>>;
  /** Actions with errors, which are reported at their own place. */
  readonly broken: ReadonlySet<string>;
  /** Actions with steps. */
  readonly sequences: ReadonlySet<string>;
}

/** A step that is compiled, and the action that it runs. */
export interface CompiledStep extends StepTemplate {
  readonly definition: ActionDefinition;
}
