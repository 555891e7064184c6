import { playDemo } from '../demo/play-demo.ts';
import { createStory } from '../demo/story.ts';
import { openSandbox } from '../load-sandbox.ts';
import type { CommandContext } from './context.ts';

/** `d365 demo` (and `npm start`): the whole connector at work on a local organisation; ends by itself. */
export default async function demo({ terminal, options }: CommandContext) {
  const story = createStory(terminal);
  story.title('dynamics365-connector at work, on a local organisation');
  const sandbox = await terminal.during('starting a local organisation', () => openSandbox());
  try {
    await playDemo(story, sandbox, options.manifest);
  } finally {
    await sandbox.close();
  }
  story.next([
    ['npm run d365 -- describe', 'everything it can do'],
    [
      'npm run d365 -- explain case.resolve --set id=… --set subject=Done',
      'the exact request, nothing is sent',
    ],
    ['npm run d365 -- sandbox', 'an organisation of your own; then, in another terminal:'],
    ['npm run d365 -- list case.list --set state=active', 'its cases'],
    ['docs/manifest.md', 'add an action: one YAML file'],
  ]);
  return 0;
}
