import { createDemoReporter } from '../demo/demo-reporter.ts';
import { runDemo } from '../demo/run-demo.ts';
import { startLocalSandbox } from '../start-local-sandbox.ts';
import type { CommandContext } from './command-context.ts';

/** `d365 demo` (and `npm start` in the repository): runs actions and a trigger against a sandbox, then ends. */
export default async function demo({ terminal, options }: CommandContext) {
  const reporter = createDemoReporter(terminal);
  reporter.printTitle('dynamics365-connector, with a sandbox on this machine');
  const sandbox = await terminal.withSpinner('starting the sandbox', () => startLocalSandbox());
  try {
    await runDemo(reporter, sandbox, options.manifest);
  } finally {
    await sandbox.close();
  }
  const d365 = d365Command(process.env);
  reporter.printNextCommands([
    [`${d365} describe`, 'list all actions and triggers'],
    [`${d365} explain case.resolve --set id=… --set subject=Done`, 'print the request without sending it'],
    [`${d365} sandbox`, 'start a sandbox; then, in another terminal:'],
    [`${d365} list case.list --set state=active`, 'list its cases'],
  ]);
  return 0;
}

/** How the user starts `d365`: in the repository, with npx, or as an installed command. */
function d365Command({ npm_lifecycle_event }: Readonly<Record<string, string | undefined>>): string {
  if (npm_lifecycle_event === 'start') return 'npm run d365 --';
  return npm_lifecycle_event === 'npx' ? 'npx dynamics365-connector-cli' : 'd365';
}
