import { ConnectorError } from 'dynamics365-connector';
import { suggest } from 'dynamics365-connector/host';
import type { MirrorCommandContext } from './mirror-command-context.ts';

const mirrorActions = ['run', 'status', 'verify'];

/** `d365 mirror [run|status|verify]`. */
export default async function mirror(context: MirrorCommandContext): Promise<number> {
  const [action = 'run'] = context.args;
  switch (action) {
    case 'run':
      return await (await import('./mirror-run.ts')).runMirrorCommand(context);
    case 'status':
      return await (await import('./mirror-status.ts')).printMirrorStatus(context);
    case 'verify':
      return await (await import('./mirror-verify.ts')).verifyMirrorCommand(context);
  }
  const [nearest] = suggest(action, mirrorActions, 1);
  throw new ConnectorError('INPUT_INVALID', `There is no command "mirror ${action}".`, {
    advice: `Use one of: ${mirrorActions.join(', ')}.${nearest === undefined ? '' : ` Did you mean ${nearest}?`}`,
  });
}
