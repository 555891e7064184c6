import { getHeader } from '../headers.ts';
import type { WebApiContext } from '../types.ts';

/**
 * Whether the headers bypass custom logic of this mode, which requires a privilege.
 * https://learn.microsoft.com/power-apps/developer/data-platform/bypass-custom-business-logic
 */
export function isBypassed(
  { request: { headers, caller } }: Pick<WebApiContext, 'request'>,
  mode: 'sync' | 'async',
): boolean {
  const bypassesPlugins = getHeader(headers, 'MSCRM.BypassCustomPluginExecution')?.toLowerCase() === 'true';
  if (bypassesPlugins) caller.access?.require('prvBypassCustomPlugins');
  const bypassedKinds =
    getHeader(headers, 'MSCRM.BypassBusinessLogicExecution')?.toLowerCase().split(',') ?? [];
  if (bypassedKinds.length > 0) caller.access?.require('prvBypassCustomBusinessLogic');
  return (
    (bypassesPlugins && mode === 'sync') || bypassedKinds.some((kind) => kind.trim() === `custom${mode}`)
  );
}
