import type { Terminal } from '../terminal.ts';

/** Prints the steps of the demo: text on a terminal, JSON Lines with --json. */
export interface DemoReporter {
  printTitle(text: string): void;
  /** Runs a step and prints its name with the lines that `work` passes to `addLine`. */
  runStep<T>(name: string, work: (addLine: (text: string) => void) => Promise<T>): Promise<T>;
  printNextCommands(commands: readonly (readonly [command: string, description: string])[]): void;
}

const indent = ' '.repeat(13);

export function createDemoReporter(terminal: Terminal): DemoReporter {
  const { style } = terminal;
  return {
    printTitle(text) {
      if (!terminal.json) terminal.print(`\n${style('bold', text)}\n`);
    },
    async runStep(name, work) {
      const lines: string[] = [];
      const result = await terminal.withSpinner(name, () => work((text) => lines.push(text)));
      if (terminal.json) terminal.print(JSON.stringify({ step: name, lines }));
      else {
        const [first = '', ...others] = lines.flatMap((text) => text.split('\n'));
        terminal.print(`${style('green', '✔')} ${style('bold', name.padEnd(10))} ${first}`);
        for (const line of others) terminal.print(`${indent}${line}`);
      }
      return result;
    },
    printNextCommands(commands) {
      if (terminal.json) return;
      terminal.print(`\n${style('bold', 'Next')}`);
      for (const [command, description] of commands)
        terminal.print(`  ${style('cyan', command)}\n      ${description}`);
      terminal.print('');
    },
  };
}
