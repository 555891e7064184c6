import { readSolutionFile, type SolutionFile } from '../solutions/read-solution-file.ts';
import { referenceTo } from '../store/entity-reference.ts';
import type { StoredRow } from '../store/types.ts';
import { DataverseError } from '../web-api/errors.ts';
import { noContentResponse } from '../web-api/responses.ts';
import type { WebApiContext } from '../web-api/types.ts';
import { insertValues, updateValues } from '../web-api/write/save-values.ts';
import { findByUniqueName } from '../web-api/write/solution-rules.ts';
import type { WebApiOperation } from './types.ts';

const componentTypes = {
  customapi: 10_033,
  customapirequestparameter: 10_034,
  customapiresponseproperty: 10_035,
} as const;

/**
 * `POST ImportSolution`: the publisher, the solution and the custom APIs of a solution file. Code of plug-ins is not
 * run: a custom API is answered by a handler of the test, or by an echo. A file with tables is refused.
 * https://learn.microsoft.com/power-apps/developer/data-platform/webapi/reference/importsolution
 */
export const importSolutionOperation: WebApiOperation = {
  name: 'ImportSolution',
  kind: 'action',
  parameters: {
    OverwriteUnmanagedCustomizations: 'required',
    PublishWorkflows: 'required',
    CustomizationFile: 'required',
    ImportJobId: 'required',
    ConvertToManaged: 'optional',
    SkipProductUpdateDependencies: 'optional',
    HoldingSolution: 'optional',
    ComponentParameters: 'optional',
  },
  run({ context, parameters }) {
    const file = readSolutionFile(Buffer.from(String(parameters.CustomizationFile), 'base64'));
    if (file === undefined)
      throw new DataverseError(
        400,
        '0x80048060',
        'The solution file is invalid. The compressed file must contain the following files at its root: solution.xml, customizations.xml, and [Content_Types].xml. Customization files exported from previous versions of Microsoft Dynamics 365 are not supported.',
      );
    if (file.hasTables)
      throw new DataverseError(
        400,
        '0x80048033',
        'The sandbox imports the custom APIs of a solution only; this file has tables.',
      );
    importRows(context, file, importSolution(context, file));
    return noContentResponse(context);
  },
};

function importSolution(context: WebApiContext, file: SolutionFile): StoredRow {
  const { systemStore } = context.org;
  const { uniqueName, friendlyName, prefix, optionPrefix } = file.publisher;
  const publisher =
    findByUniqueName(systemStore, 'publisher', uniqueName) ??
    insertValues(context, 'publisher', {
      uniquename: uniqueName,
      friendlyname: friendlyName,
      customizationprefix: prefix,
      customizationoptionvalueprefix: optionPrefix,
    });
  const current = findByUniqueName(systemStore, 'solution', file.uniqueName);
  if (current) return updateValues(context, current, { version: file.version });
  return insertValues(context, 'solution', {
    uniquename: file.uniqueName,
    friendlyname: file.friendlyName,
    version: file.version,
    ismanaged: file.managed,
    publisherid: referenceTo(publisher),
  });
}

/** Creates the custom APIs that the organization lacks. */
function importRows(context: WebApiContext, { rows }: SolutionFile, solution: StoredRow): void {
  const added = new Map<string, StoredRow>();
  for (const { table, api, values } of rows) {
    const owner = added.get(api);
    if (table === 'customapi' ? hasCustomApi(context, api) : owner === undefined) continue;
    const all = owner === undefined ? values : { ...values, customapiid: referenceTo(owner) };
    const row = insertValues(context, table, all);
    if (table === 'customapi') added.set(api, row);
    insertValues(context, 'solutioncomponent', {
      componenttype: componentTypes[table],
      objectid: row.id,
      rootcomponentbehavior: 0,
      solutionid: referenceTo(solution),
    });
  }
}

function hasCustomApi({ org }: WebApiContext, name: string): boolean {
  return org.systemStore
    .query('customapi', { actor: { userId: '' } })
    .rows.some(({ values }) => values.uniquename === name);
}
