import { createDemoReporter } from '../demo/demo-reporter.ts';
import { runDemo } from '../demo/run-demo.ts';
import { startLocalSandbox } from '../start-local-sandbox.ts';
import type { CommandContext } from './command-context.ts';

/** `d365 demo` (and `npm start`): the whole connector at work on a local organization; ends by itself. */
export default async function demo({ terminal, options }: CommandContext) {
  const reporter = createDemoReporter(terminal);
  reporter.printTitle('dynamics365-connector at work, on a local organization');
  const sandbox = await terminal.withSpinner('starting a local organization', () => startLocalSandbox());
  try {
    await runDemo(reporter, sandbox, options.manifest);
  } finally {
    await sandbox.close();
  }
  reporter.printNextCommands([
    ['npm run d365 -- describe', 'everything it can do'],
    [
      'npm run d365 -- explain case.resolve --set id=… --set subject=Done',
      'the exact request, nothing is sent',
    ],
    ['npm run d365 -- sandbox', 'an organization of your own; then, in another terminal:'],
    ['npm run d365 -- list case.list --set state=active', 'its cases'],
    ['docs/manifest.md', 'add an action: one YAML file'],
  ]);
  return 0;
}
