#!/usr/bin/env node
// No static imports and no top-level await: an older Node.js must be able to parse this file to print the sentence.
const [major = 0, minor = 0] = process.versions.node.split('.').map(Number);
if (major < 22 || (major === 22 && minor < 13)) {
  process.stderr.write(`d365 needs Node.js 22.13 or newer; this is ${process.versions.node}.\n`);
  process.exit(8);
}
// The reader of a pipe (`d365 ... | head`) may close it early.
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  if (error.code !== 'EPIPE') throw error;
  process.exit(0);
});
process.stderr.on('error', (error: NodeJS.ErrnoException) => {
  if (error.code !== 'EPIPE') throw error;
});
void import('./program.ts').then(async ({ createProgram }) => {
  const program = createProgram({ stdout: process.stdout, stderr: process.stderr });
  process.exitCode = await program.run(process.argv.slice(2));
});
