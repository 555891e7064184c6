import { ConnectorError } from 'dynamics365-connector';
import { suggest } from 'dynamics365-connector/host';
import { openWorkerStore } from '../open-worker-store.ts';
import { unknownSubscription } from '../unknown-subscription.ts';
import type { WorkerCommandContext } from './worker-command-context.ts';

const workerActions = ['run', 'status', 'pause', 'resume', 'dead-letters', 'push'];

/** `d365 worker [run|status|pause|resume|dead-letters|push] …`. */
export default async function worker(context: WorkerCommandContext): Promise<number> {
  const [action = 'run', subscription] = context.args;
  switch (action) {
    case 'run':
      return await (await import('./worker-run.ts')).runWorkerCommand(context);
    case 'status':
      return await (await import('./worker-status.ts')).printWorkerStatus(context);
    case 'dead-letters':
      return await (await import('./worker-dead-letters.ts')).runDeadLettersCommand(context);
    case 'push':
      return await (await import('./worker-push.ts')).runPushCommand(context);
    case 'pause':
    case 'resume':
      return await pauseOrResume(context, action, subscription);
  }
  const [nearest] = suggest(action, workerActions, 1);
  throw new ConnectorError('INPUT_INVALID', `There is no command "worker ${action}".`, {
    advice: `Use one of: ${workerActions.join(', ')}.${nearest === undefined ? '' : ` Did you mean ${nearest}?`}`,
  });
}

async function pauseOrResume(
  { terminal, options }: WorkerCommandContext,
  action: 'pause' | 'resume',
  subscription: string | undefined,
): Promise<number> {
  if (subscription === undefined) {
    throw new ConnectorError('INPUT_INVALID', 'The name of the subscription is missing.', {
      advice: `Use d365 worker ${action} <subscription>. \`d365 worker status\` lists the names.`,
    });
  }
  const store = await openWorkerStore(options);
  try {
    if (!(await store[action](subscription))) throw unknownSubscription(subscription, await store.status());
    if (terminal.json) terminal.printJson({ subscription, action });
    else terminal.printNote(`${subscription}: ${action}d`);
    return 0;
  } finally {
    await store.close();
  }
}
