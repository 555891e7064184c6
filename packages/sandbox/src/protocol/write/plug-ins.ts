import type { PlugIn } from '../../plug-in.ts';
import type { Values } from '../../store/types.ts';
import { header } from '../headers.ts';
import { requirePrivilege } from '../privileges.ts';
import { refuse } from '../refusal.ts';
import type { Exchange } from '../types.ts';

/** A write that plug-ins hear of. */
export interface Event extends Pick<PlugIn, 'message' | 'table'> {
  readonly values: Values;
  /** Of a row that is there. */
  readonly id?: string;
}

/** Runs the plug-ins of a write, unless the caller passes over them; answers the values as they left them. */
export function runPlugIns(exchange: Exchange, mode: PlugIn['mode'], event: Event): Values {
  let { values } = event;
  if (isBypassed(exchange, mode)) return values;
  for (const plugIn of exchange.org.plugIns) {
    const hears = plugIn.message === event.message && plugIn.table === event.table && plugIn.mode === mode;
    if (hears) values = { ...values, ...answerOf(plugIn, { ...event, values }) };
  }
  return values;
}

function answerOf({ run }: PlugIn, { values, id }: Event): Values | undefined {
  try {
    return run(values, id);
  } catch (error) {
    throw refuse(400, '0x80040265', (error as Error).message);
  }
}

/**
 * Whether the headers say that custom logic of this mode is left out, which takes a privilege.
 * https://learn.microsoft.com/power-apps/developer/data-platform/bypass-custom-business-logic
 */
function isBypassed({ request: { headers, caller } }: Exchange, mode: PlugIn['mode']): boolean {
  const old = header(headers, 'MSCRM.BypassCustomPluginExecution')?.toLowerCase() === 'true';
  if (old) requirePrivilege(caller, 'prvBypassCustomPlugins');
  const kinds = header(headers, 'MSCRM.BypassBusinessLogicExecution')?.toLowerCase().split(',') ?? [];
  if (kinds.length > 0) requirePrivilege(caller, 'prvBypassCustomBusinessLogic');
  return (old && mode === 'sync') || kinds.some((kind) => kind.trim() === `custom${mode}`);
}
