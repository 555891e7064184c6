import type { PlugIn } from '../../plug-in.ts';
import type { ColumnValues } from '../../store/types.ts';
import { DataverseError } from '../errors.ts';
import { getHeader } from '../headers.ts';
import { requirePrivilege } from '../privileges.ts';
import type { WebApiContext } from '../types.ts';

/** A write that plug-ins run for. */
export interface PlugInEvent extends Pick<PlugIn, 'message' | 'table'> {
  readonly values: ColumnValues;
  /** The id of an existing row. */
  readonly id?: string;
}

/** Runs the plug-ins of a write, unless the caller bypasses them. Returns the values after the plug-ins. */
export function runPlugIns(context: WebApiContext, mode: PlugIn['mode'], event: PlugInEvent): ColumnValues {
  let { values } = event;
  if (isBypassed(context, mode)) return values;
  for (const plugIn of context.org.plugIns) {
    const isRegistered =
      plugIn.message === event.message && plugIn.table === event.table && plugIn.mode === mode;
    if (isRegistered) values = { ...values, ...runPlugIn(plugIn, { ...event, values }) };
  }
  return values;
}

function runPlugIn({ run }: PlugIn, { values, id }: PlugInEvent): ColumnValues | undefined {
  try {
    return run(values, id);
  } catch (error) {
    throw new DataverseError(400, '0x80040265', (error as Error).message);
  }
}

/**
 * Whether the headers bypass custom logic of this mode, which requires a privilege.
 * https://learn.microsoft.com/power-apps/developer/data-platform/bypass-custom-business-logic
 */
function isBypassed({ request: { headers, caller } }: WebApiContext, mode: PlugIn['mode']): boolean {
  const bypassesPlugins = getHeader(headers, 'MSCRM.BypassCustomPluginExecution')?.toLowerCase() === 'true';
  if (bypassesPlugins) requirePrivilege(caller, 'prvBypassCustomPlugins');
  const bypassedKinds =
    getHeader(headers, 'MSCRM.BypassBusinessLogicExecution')?.toLowerCase().split(',') ?? [];
  if (bypassedKinds.length > 0) requirePrivilege(caller, 'prvBypassCustomBusinessLogic');
  return (
    (bypassesPlugins && mode === 'sync') || bypassedKinds.some((kind) => kind.trim() === `custom${mode}`)
  );
}
