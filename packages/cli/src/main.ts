#!/usr/bin/env node
// No static imports and no top-level await: an older Node.js must be able to parse this file to print the sentence.
const [major = 0, minor = 0] = process.versions.node.split('.').map(Number);
if (major < 22 || (major === 22 && minor < 13)) {
  process.stderr.write(`d365 needs Node.js 22.13 or newer; this is ${process.versions.node}.\n`);
  process.exit(8);
}
// The reader of a pipe (`d365 ... | head`) may close it early. A full disk is an error of this machine.
process.stdout.on('error', ({ code }: NodeJS.ErrnoException) => {
  if (code === 'EPIPE') process.exit(0);
  process.stderr.write(`d365: the output cannot be written (${code}), so it is incomplete.\n`);
  process.exit(8);
});
// Nobody reads the notes; the results still count.
process.stderr.on('error', () => {});

async function run(args: readonly string[]): Promise<void> {
  const [first, ...others] = args;
  if ((first === '--help' || first === '-h') && others.length === 0) {
    const { printBuiltHelp } = await import('./built-help.ts');
    if (printBuiltHelp(process.stdout)) return;
  }
  // Node.js keeps the compiled code of our files, in its own folder below the system's temporary one, so that the next
  // start is faster. The variables NODE_COMPILE_CACHE and NODE_DISABLE_COMPILE_CACHE are respected.
  process.getBuiltinModule('node:module').enableCompileCache?.();
  const { createProgram } = await import('./program.ts');
  const program = createProgram({ stdout: process.stdout, stderr: process.stderr });
  process.exitCode = await program.run(args);
}

void run(process.argv.slice(2));
