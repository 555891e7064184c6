import type { ActionDefinition, ConnectorDefinition, TriggerDefinition } from '../model/definition.ts';
import { applicableCallOptions, type CallOptionName, callOptionSchemas } from '../run/call-option-schemas.ts';
import { describeAnswer } from './describe-answer.ts';
import { describeField, describeOption } from './describe-field.ts';
import type { FieldView } from './field-view.ts';
import { inputOf, resourceOf } from './operation-parts.ts';
import type { OperationView } from './operation-view.ts';
import { shortNameOf } from './short-name.ts';
import { synonymsOf } from './synonyms.ts';

/**
 * Describes an action or trigger for people and models: its group and short name, words to find it by, its fields with
 * their pick lists, and what it answers. Pure: it follows from the definition alone.
 *
 * @example describeOperation(definition, definition.actions['case.resolve']).name // "Resolve"
 */
export function describeOperation(
  definition: ConnectorDefinition,
  operation: ActionDefinition | TriggerDefinition,
): OperationView {
  const { id, title, description, group, input } = operation;
  const resource = resourceOf(operation);
  const fields = Object.keys(inputOf(input).properties).map((name) =>
    describeField(definition, operation, name),
  );
  return {
    kind: 'watch' in operation ? 'trigger' : 'action',
    id,
    title,
    description,
    resource,
    group,
    name: shortNameOf(title, nounsOf(definition, operation)),
    keywords: keywordsOf(definition, operation),
    resourceKeywords: definition.tables[resource]?.keywords ?? [],
    fields: [...fields.filter(({ required }) => required), ...fields.filter(({ required }) => !required)],
    readOnly: 'watch' in operation || operation.effects.readOnly,
    callOptions: 'watch' in operation ? [] : applicableCallOptions(operation).map(describeCallOption),
    answer: describeAnswer(definition, operation),
  };
}

function describeCallOption(name: CallOptionName): FieldView {
  return describeOption(name, callOptionSchemas[name]);
}

function nounsOf({ tables }: ConnectorDefinition, operation: ActionDefinition | TriggerDefinition) {
  const table = tables[resourceOf(operation)];
  const { group } = operation;
  return table === undefined ? [`${group}s`, group] : [table.plural, table.title];
}

function keywordsOf(
  { tables }: ConnectorDefinition,
  operation: ActionDefinition | TriggerDefinition,
): readonly string[] {
  const resource = resourceOf(operation);
  const words = [
    ...(operation.keywords ?? []),
    ...(tables[resource]?.keywords ?? []),
    ...synonymsOf(operation.id.slice(resource.length + 1)),
  ];
  return [...new Set(words)];
}
