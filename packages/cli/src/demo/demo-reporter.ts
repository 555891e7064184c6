import type { Terminal } from '../terminal.ts';

/** Tells what happens, a step at a time: a short story on a terminal, JSON Lines with --json. */
export interface DemoReporter {
  printTitle(text: string): void;
  /** A step, with the facts that came of it. */
  runStep<T>(name: string, work: (printStep: (text: string) => void) => Promise<T>): Promise<T>;
  printNextCommands(lines: readonly (readonly [command: string, what: string])[]): void;
}

const indent = ' '.repeat(13);

/** A story for this terminal. */
export function createDemoReporter(terminal: Terminal): DemoReporter {
  const { style } = terminal;
  return {
    printTitle(text) {
      if (!terminal.json) terminal.print(`\n${style('bold', text)}\n`);
    },
    async runStep(name, work) {
      const stepLines: string[] = [];
      const result = await terminal.withSpinner(name, () => work((text) => stepLines.push(text)));
      if (terminal.json) terminal.print(JSON.stringify({ step: name, facts: stepLines }));
      else {
        const [first = '', ...rest] = stepLines.flatMap((printStep) => printStep.split('\n'));
        terminal.print(`${style('green', '✔')} ${style('bold', name.padEnd(10))} ${first}`);
        for (const line of rest) terminal.print(`${indent}${line}`);
      }
      return result;
    },
    printNextCommands(lines) {
      if (terminal.json) return;
      terminal.print(`\n${style('bold', 'Next')}`);
      for (const [command, what] of lines) terminal.print(`  ${style('cyan', command)}\n      ${what}`);
      terminal.print('');
    },
  };
}
