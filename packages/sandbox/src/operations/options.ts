import { attributeMetadataId } from '../model/metadata-ids.ts';
import type { ChoiceOption, Model } from '../model/types.ts';
import { DataverseError, invalidArgument } from '../web-api/errors.ts';
import { createMetadataId } from '../web-api/metadata/metadata-definition.ts';
import { noContentResponse } from '../web-api/responses.ts';
import { requireGlobalChoice } from '../web-api/schema/find-choice.ts';
import { checkLanguages, readLabel, readTranslations } from '../web-api/schema/labels.ts';
import { readOption } from '../web-api/schema/read-options.ts';
import {
  componentType,
  createInSolution,
  optionPrefix,
  type SolutionComponent,
} from '../web-api/schema/solution-components.ts';
import type { WebApiResponse } from '../web-api/types.ts';
import { operationResponse, readIntegerParameter, readStringParameter } from './parameters.ts';
import type { OperationContext, WebApiOperation } from './types.ts';

/** Either the name of a global choice, or a column of a table. */
const target = {
  OptionSetName: 'optional',
  AttributeLogicalName: 'optional',
  EntityLogicalName: 'optional',
  SolutionUniqueName: 'optional',
} as const;

/**
 * Operations on the options of columns and of global choices.
 * https://learn.microsoft.com/power-apps/developer/data-platform/webapi/create-update-optionsets
 */
export const optionOperations: readonly WebApiOperation[] = [
  {
    name: 'InsertOptionValue',
    kind: 'action',
    parameters: {
      ...target,
      Value: 'optional',
      Label: 'required',
      Description: 'optional',
      ExternalValue: 'optional',
      ParentValues: 'optional',
      Color: 'optional',
    },
    run: (call) => insertOption(call),
  },
  {
    name: 'InsertStatusValue',
    kind: 'action',
    parameters: {
      ...target,
      Value: 'optional',
      Label: 'required',
      Description: 'optional',
      StateCode: 'required',
    },
    run: (call) => insertOption(call, readIntegerParameter(call, 'StateCode')),
  },
  {
    name: 'UpdateOptionValue',
    kind: 'action',
    parameters: {
      ...target,
      Value: 'required',
      Label: 'optional',
      Description: 'optional',
      MergeLabels: 'required',
      ExternalValue: 'optional',
      ParentValues: 'optional',
      Color: 'optional',
    },
    run: updateOption,
  },
  {
    name: 'DeleteOptionValue',
    kind: 'action',
    parameters: { ...target, Value: 'required' },
    run: deleteOption,
  },
  {
    name: 'OrderOption',
    kind: 'action',
    parameters: { ...target, Values: 'required' },
    run: orderOptions,
  },
];

/** The options that an operation names, and how they are replaced. */
interface OptionList {
  readonly options: readonly ChoiceOption[];
  readonly isStatus: boolean;
  /** The column or choice in a solution. */
  readonly component: SolutionComponent;
  readonly replace: (options: readonly ChoiceOption[]) => void;
}

function findOptions(call: OperationContext): OptionList {
  const { model, schema } = call.context.org.store;
  const { OptionSetName: name } = call.parameters;
  if (typeof name === 'string' && name !== '') {
    const choice = requireGlobalChoice(model, name);
    return {
      options: choice.options,
      isStatus: false,
      component: { type: componentType.choice, id: createMetadataId('optionset', choice.name) },
      replace: (options) => schema.putGlobalChoice({ ...choice, options }),
    };
  }
  const table = readStringParameter(call, 'EntityLogicalName');
  const attribute = findColumn(model, table, readStringParameter(call, 'AttributeLogicalName'));
  const { globalChoice } = attribute;
  if (globalChoice !== undefined) {
    throw invalidArgument(
      `The options of '${attribute.logicalName}' are those of the choice '${globalChoice}'.`,
    );
  }
  return {
    options: attribute.options ?? [],
    isStatus: attribute.type === 'Status',
    component: {
      type: componentType.attribute,
      id: attributeMetadataId({ logicalName: table }, attribute.logicalName),
    },
    replace: (options) => schema.updateColumn(table, { ...attribute, options }),
  };
}

function findColumn(model: Model, tableName: string, name: string) {
  const table = model.table(tableName);
  const attribute = table && model.attribute(table, name);
  if (attribute?.options) return attribute;
  throw new DataverseError(
    400,
    '0x80041103',
    `'${tableName}' entity doesn't contain a choice column with Name = '${name}'.`,
  );
}

function insertOption(call: OperationContext, state?: number): WebApiResponse {
  checkLanguages(call.context, call.parameters);
  const { options, isStatus, replace, component } = findOptions(call);
  if (isStatus !== (state !== undefined)) {
    const message = 'Status options are added with InsertStatusValue, other options with InsertOptionValue.';
    throw new DataverseError(400, '0x80044320', message);
  }
  const { SolutionUniqueName: name } = call.parameters;
  const solution = typeof name === 'string' && name !== '' ? name : undefined;
  const prefix = optionPrefix(call.context, solution);
  const option = { ...readOption(call.parameters, options, prefix), state };
  return createInSolution(call.context, solution, () => {
    replace([...options, option]);
    return { response: operationResponse(call, { NewOptionValue: option.value }), components: [component] };
  });
}

function updateOption(call: OperationContext): WebApiResponse {
  checkLanguages(call.context, call.parameters);
  const { options, replace } = findOptions(call);
  const { Label: label, Description: description, Color: color } = call.parameters;
  const value = requireValue(call, options);
  replace(
    options.map((option) =>
      option.value === value
        ? {
            ...option,
            label: readLabel(label) ?? option.label,
            description: readLabel(description) ?? option.description,
            translations: readTranslations(
              { label, description },
              { translations: option.translations, merge: call.parameters.MergeLabels === true },
            ),
            color: typeof color === 'string' ? color : option.color,
          }
        : option,
    ),
  );
  return noContentResponse(call.context);
}

function deleteOption(call: OperationContext): WebApiResponse {
  const { options, replace } = findOptions(call);
  const value = requireValue(call, options);
  replace(options.filter((option) => option.value !== value));
  return noContentResponse(call.context);
}

function orderOptions(call: OperationContext): WebApiResponse {
  const { options, replace } = findOptions(call);
  const { Values: values } = call.parameters;
  const ordered = (Array.isArray(values) ? values : []).flatMap((value) =>
    options.filter((option) => option.value === value),
  );
  if (new Set(ordered).size !== options.length) {
    const message =
      'The array of option values that were provided for reordering does not match the option set.';
    throw new DataverseError(400, '0x80044324', message);
  }
  replace(ordered);
  return noContentResponse(call.context);
}

/** The parameter `Value`, which must be one of the options. */
function requireValue(call: OperationContext, options: readonly ChoiceOption[]): number {
  const value = readIntegerParameter(call, 'Value');
  if (options.some((option) => option.value === value)) return value;
  throw new DataverseError(400, '0x8004431a', `The option value ${value} does not exist.`);
}
